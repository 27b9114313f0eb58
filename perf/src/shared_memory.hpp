// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace bench {

using Word = std::atomic<std::uint64_t>;

// Words of different writers stay this far apart: prefetchers fetch the neighbour line along.
inline constexpr std::size_t separation = 128;

// Memory that processes forked later share, at the same address. Sparse: a page costs when it is touched.
class SharedMemory {
 public:
    explicit SharedMemory(std::size_t size);
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory();

    template <class T>
    T& make() {
        return *new (allocate(sizeof(T))) T;
    }

 private:
    void* allocate(std::size_t size);

    std::byte* memory_ = nullptr;
    std::size_t size_ = 0;
    std::size_t used_ = 0;
};

}  // namespace bench
