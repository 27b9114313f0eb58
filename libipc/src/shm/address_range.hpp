// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/fork_guard.hpp"
#include "shm/memory_file.hpp"
#include "shm/system_error.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>

namespace ipc::shm {

// Addresses that stay readable and writable for as long as this object lives, whatever is mapped there:
// private zero pages, or a memory file over them. A thread that polls a word in here while the file is taken
// away reads a zero and never faults. Boost's mapped_region cannot do this: it leaves a hole when it ends.
class AddressRange {
 public:
    AddressRange() = default;
    AddressRange(AddressRange&& other) noexcept;
    AddressRange& operator=(AddressRange&& other) noexcept;
    ~AddressRange();

    static tl::expected<AddressRange, SystemError> reserve(std::uint64_t size);

    // Puts the file's first size() bytes there, shared and writable. EINVAL where the file is smaller.
    tl::expected<void, SystemError> map(const MemoryFile& file);
    // Puts private zero pages there, in one step for whoever looks.
    tl::expected<void, SystemError> clear();

    std::byte* data() const { return static_cast<std::byte*>(address_); }
    std::size_t size() const { return size_; }

 private:
    void unmap();

    void* address_ = nullptr;
    std::size_t size_ = 0;
    ForkGuard guard_;
};

}  // namespace ipc::shm
