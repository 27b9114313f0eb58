// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace ipc::port {

// A word of the node's counters that one thread at a time writes. The value is kept beside it, so that
// counting is a plain store; the broker reads the word whenever it is asked.
class Counter {
 public:
    explicit Counter(std::atomic<std::uint64_t>& word) : word_{&word} { set(0); }

    void add(std::uint64_t count) { set(value_ + count); }
    void set(std::uint64_t value) {
        value_ = value;
        word_->store(value, std::memory_order_relaxed);
    }
    std::uint64_t value() const { return value_; }

 private:
    std::atomic<std::uint64_t>* word_;
    std::uint64_t value_ = 0;
};

}  // namespace ipc::port
