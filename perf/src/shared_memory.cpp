// SPDX-License-Identifier: Apache-2.0
#include "shared_memory.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace bench {

SharedMemory::SharedMemory(std::size_t size) : size_{size} {
    void* const memory =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error{errno, std::generic_category(), "shared memory"};
    memory_ = static_cast<std::byte*>(memory);
}

SharedMemory::~SharedMemory() {
    munmap(memory_, size_);
}

void* SharedMemory::allocate(std::size_t size) {
    constexpr std::size_t page = 4096;
    if (size > size_ - used_) throw std::bad_alloc{};
    void* const result = memory_ + used_;
    used_ += (size + page - 1) / page * page;
    return result;
}

}  // namespace bench
