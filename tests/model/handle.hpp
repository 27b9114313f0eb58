// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "execution.hpp"
#include "model_atomics.hpp"

#include <atomic>
#include <cstdint>

namespace model {

// What wakes a sleeper: news, once, until it is drained. The kernel's lock orders who wakes and who drains.
class Handle {
 public:
    explicit Handle(Execution& run) : run_(run), lock_(0) { run.watch(&bytes_, 1); }
    void write() { change(1); }
    // Whether there was something in it.
    bool drain() { return change(0) != 0; }
    void wait() {
        run_.block_until([this] { return bytes_ != 0; });
    }
    bool readable() const { return bytes_ != 0; }

 private:
    std::uint64_t change(std::uint64_t bytes) {
        std::uint64_t const before = lock_.exchange(bytes, std::memory_order_acq_rel);
        bytes_ = bytes;
        return before;
    }
    Execution& run_;
    ModelAtomics<>::Atomic<std::uint64_t> lock_;
    std::uint64_t bytes_ = 0;
};

}  // namespace model
