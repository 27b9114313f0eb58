// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/event_connection.hpp"
#include "model_atomics.hpp"
#include "ring/event_news.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace model {

// Event connections of somebody who leaves a rule out.

// Whatever is done to the segment goes through `Rules`, who sees the offset.
template <class Rules>
struct WithRules : ModelAtomics<> {
    struct Word : ModelAtomics<>::Word {
        std::uint64_t offset;
        Word(ModelAtomics<>::Word word, std::uint64_t at) : ModelAtomics<>::Word(word), offset(at) {}
        std::uint64_t load(std::memory_order order) const { return Rules::load(*this, offset, order); }
        void store(std::uint64_t value, std::memory_order order) const {
            Rules::store(*this, offset, value, order);
        }
    };
    static Word word(const std::byte* segment, std::uint64_t offset) {
        return {ModelAtomics<>::word(segment, offset), offset};
    }
};

struct AsItIs {
    using Word = ModelAtomics<>::Word;
    static std::uint64_t load(const Word& word, std::uint64_t, std::memory_order order) {
        return word.load(order);
    }
    static void store(const Word& word, std::uint64_t, std::uint64_t value, std::memory_order order) {
        word.store(value, order);
    }
};

// The value is believed to belong to the news, whatever its tag.
struct NoTag : AsItIs {
    static inline std::uint64_t news = 0;
    static std::uint64_t load(const Word& word, std::uint64_t offset, std::memory_order order) {
        std::uint64_t const found = word.load(order);
        if (offset == ipc::layout::EventConnection::news) news = found;
        if (offset != ipc::layout::EventConnection::value) return found;
        return (found & ~std::uint64_t{1}) | (ipc::ring::EventNews{news}.count() & 1);
    }
};

// The news is not looked at again after the value.
struct NoSecondLook : AsItIs {
    static inline std::uint64_t news = 0;
    static inline bool after_value = false;
    static std::uint64_t load(const Word& word, std::uint64_t offset, std::memory_order order) {
        bool const second = after_value && offset == ipc::layout::EventConnection::news;
        after_value = offset == ipc::layout::EventConnection::value;
        if (second) return news;
        std::uint64_t const found = word.load(order);
        if (offset == ipc::layout::EventConnection::news) news = found;
        return found;
    }
};

// The news comes first, and what it is about later.
struct NewsFirst : AsItIs {
    struct Late {
        Word word;
        std::uint64_t value;
    };
    static inline std::vector<Late> late;
    static void store(const Word& word, std::uint64_t offset, std::uint64_t value, std::memory_order order) {
        if (offset != ipc::layout::EventConnection::news) {
            late.push_back({word, value});
            return;
        }
        word.store(value, order);
        std::vector<Late> const now = std::move(late);
        late.clear();
        for (Late const& each : now) each.word.store(each.value, order);
    }
};

// The counters of groups before those of their ids.
struct GroupsFirst : AsItIs {
    static inline std::uint64_t ids = 0;  // where their counters begin
    static inline std::vector<NewsFirst::Late> late;
    static void store(const Word& word, std::uint64_t offset, std::uint64_t value, std::memory_order order) {
        if (offset >= ids) {
            late.push_back({word, value});
            return;
        }
        word.store(value, order);
        for (NewsFirst::Late const& each : late) each.word.store(each.value, order);
        late.clear();
    }
};

// Threads of one listener that move the books without a compare-and-swap.
struct ClaimWithoutExchange : ModelAtomics<> {
    struct Counter : Atomic<std::uint64_t> {
        using Atomic<std::uint64_t>::Atomic;
        bool compare_exchange_strong(std::uint64_t& expected, std::uint64_t desired,
                                     std::memory_order success, std::memory_order failure) {
            std::uint64_t const found = load(failure);
            bool const fits = found == expected;
            expected = found;
            if (fits) store(desired, success);
            return fits;
        }
    };
    class Words {
     public:
        explicit Words(std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) words_.emplace_back(std::uint64_t{0});
        }
        Counter& operator[](std::size_t index) { return words_[index]; }

     private:
        std::deque<Counter> words_;
    };
};

// What is remembered of a group is what its counter is after the look, not what it was before.
struct RememberedAfter : ModelAtomics<> {
    static inline const std::byte* group = nullptr;  // the only one's counter in the segment
    struct Counter : Atomic<std::uint64_t> {
        using Atomic<std::uint64_t>::Atomic;
        void store(std::uint64_t, std::memory_order order) {
            Atomic<std::uint64_t>::store(ModelAtomics<>::word(group, 0).load(std::memory_order_acquire),
                                         order);
        }
    };
    class Words {
     public:
        explicit Words(std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) words_.emplace_back(std::uint64_t{0});
        }
        Counter& operator[](std::size_t index) { return words_[index]; }

     private:
        std::deque<Counter> words_;
    };
};

}  // namespace model
