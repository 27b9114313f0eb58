// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "execution.hpp"
#include "ring/block_copy.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace model {

// The right orders; a wrong variant overrides some of this.
struct AsWritten {
    static std::memory_order load(std::memory_order order) { return order; }
    static std::memory_order store(std::memory_order order) { return order; }
    static std::memory_order modify(std::memory_order order) { return order; }
    static constexpr bool fences = true;
};

// The policy under which every access is a step of the current execution.
template <class Orders = AsWritten>
struct ModelAtomics {
    class Word {
     public:
        explicit Word(Location location) : location_(location) {}
        std::uint64_t load(std::memory_order order) const {
            return Execution::current().load(location_, Orders::load(order));
        }
        void store(std::uint64_t value, std::memory_order order) const {
            Execution::current().store(location_, value, Orders::store(order));
        }
        std::uint64_t exchange(std::uint64_t value, std::memory_order order) const {
            return modify(order, [&](std::uint64_t) { return std::optional(value); });
        }
        std::uint64_t fetch_add(std::uint64_t value, std::memory_order order) const {
            return modify(order, [&](std::uint64_t old) { return std::optional(old + value); });
        }
        std::uint64_t fetch_and(std::uint64_t value, std::memory_order order) const {
            return modify(order, [&](std::uint64_t old) { return std::optional(old & value); });
        }
        std::uint64_t fetch_or(std::uint64_t value, std::memory_order order) const {
            return modify(order, [&](std::uint64_t old) { return std::optional(old | value); });
        }
        std::uint64_t fetch_sub(std::uint64_t value, std::memory_order order) const {
            return modify(order, [&](std::uint64_t old) { return std::optional(old - value); });
        }
        bool compare_exchange_strong(std::uint64_t& expected, std::uint64_t desired,
                                     std::memory_order success, std::memory_order failure) const {
            std::uint64_t const wanted = expected;
            expected = Execution::current().modify(
                location_, Orders::modify(success), Orders::load(failure),
                [&](std::uint64_t old) { return old == wanted ? std::optional(desired) : std::nullopt; });
            return expected == wanted;
        }

        // Nothing depends on whether it fails without a reason.
        bool compare_exchange_weak(std::uint64_t& expected, std::uint64_t desired, std::memory_order success,
                                   std::memory_order failure) const {
            return compare_exchange_strong(expected, desired, success, failure);
        }

     private:
        template <class Change>
        std::uint64_t modify(std::memory_order order, Change&& change) const {
            return Execution::current().modify(location_, Orders::modify(order), Orders::load(order), change);
        }
        Location location_;
    };

    template <class T>
    class Atomic : Word {
     public:
        explicit Atomic(T value)
            : Word(Execution::current().new_location(static_cast<std::uint64_t>(value))) {}
        Atomic(const Atomic&) = delete;
        Atomic& operator=(const Atomic&) = delete;
        T load(std::memory_order order) const { return static_cast<T>(Word::load(order)); }
        void store(T value, std::memory_order order) {
            Word::store(static_cast<std::uint64_t>(value), order);
        }
        using Word::compare_exchange_strong;
        using Word::compare_exchange_weak;
        using Word::exchange;
        using Word::fetch_add;
        using Word::fetch_and;
        using Word::fetch_or;
        using Word::fetch_sub;
    };

    class Words {
     public:
        explicit Words(std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) words_.emplace_back(0);
        }
        Atomic<std::uint64_t>& operator[](std::size_t index) { return words_[index]; }
        const Atomic<std::uint64_t>& operator[](std::size_t index) const { return words_[index]; }

     private:
        std::deque<Atomic<std::uint64_t>> words_;
    };

    static Word word(const std::byte* segment, std::uint64_t offset) {
        return Word(Execution::current().location_at(segment + offset));
    }
    static void store_block(std::byte* slot, const std::uint64_t* block, std::size_t words) {
        for (std::size_t i = 0; i < words; ++i)
            word_of_block(slot, i).store(block[i], std::memory_order_relaxed);
    }
    static void load_block(const std::byte* slot, std::uint64_t* block, std::size_t words) {
        for (std::size_t i = 0; i < words; ++i)
            block[i] = word_of_block(slot, i).load(std::memory_order_relaxed);
    }
    static void prefetch(const std::byte*, std::uint64_t) {}
    static void prefetch_for_writing(std::byte*, std::uint64_t) {}
    static void light_fence() {}
    static void full_fence() { Execution::current().full_fence(); }
    static void acquire_fence() {
        if (Orders::fences) Execution::current().acquire_fence();
    }
    static void release_fence() {
        if (Orders::fences) Execution::current().release_fence();
    }

 private:
    static Word word_of_block(const std::byte* slot, std::size_t index) {
        return word(slot, ipc::ring::block_offset_in_slot + index * sizeof(std::uint64_t));
    }
};

}  // namespace model
