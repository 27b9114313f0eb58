// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/alignment.hpp"
#include "ring/atomics.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace ring_tests {

// A connection's segment in private memory, zeroed as the kernel gives it.
class Segment {
 public:
    explicit Segment(std::uint64_t size) : memory_(static_cast<std::byte*>(::operator new(size, alignment))) {
        for (std::uint64_t i = 0; i < size; i += 8) word(i).store(0, std::memory_order_relaxed);
    }
    std::byte* data() { return memory_.get(); }
    // What a peer with a legitimate mapping can do.
    ipc::ring::StdAtomics::Word& word(std::uint64_t offset) {
        return ipc::ring::StdAtomics::word(memory_.get(), offset);
    }

 private:
    static constexpr std::align_val_t alignment{ipc::layout::separation};
    struct Free {
        void operator()(std::byte* memory) const { ::operator delete(memory, alignment); }
    };
    std::unique_ptr<std::byte, Free> memory_;
};

}  // namespace ring_tests
