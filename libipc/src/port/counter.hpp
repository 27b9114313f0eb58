// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace ipc::port {

// A word of the node's counters that one thread at a time writes, and the broker reads whenever it is asked.
// The word is the value: nobody but this process can write it, and each further store of a send keeps its
// slot waiting.
class Counter {
 public:
    explicit Counter(std::atomic<std::uint64_t>& word) : word_{&word} { set(0); }

    void add(std::uint64_t count) { set(value() + count); }
    void set(std::uint64_t value) { word_->store(value, std::memory_order_relaxed); }
    std::uint64_t value() const { return word_->load(std::memory_order_relaxed); }

 private:
    std::atomic<std::uint64_t>* word_;
};

}  // namespace ipc::port
