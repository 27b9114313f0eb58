// SPDX-License-Identifier: Apache-2.0
#include "address_range.hpp"

#include "shm/addressable.hpp"
#include "shm/thread_sanitizer.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <utility>

namespace ipc::shm {

namespace {

constexpr int private_pages = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

}

AddressRange::AddressRange(AddressRange&& other) noexcept
    : address_{std::exchange(other.address_, nullptr)},
      size_{std::exchange(other.size_, 0)},
      guard_{std::move(other.guard_)} {}

AddressRange& AddressRange::operator=(AddressRange&& other) noexcept {
    if (this != &other) {
        unmap();
        address_ = std::exchange(other.address_, nullptr);
        size_ = std::exchange(other.size_, 0);
        guard_ = std::move(other.guard_);
    }
    return *this;
}

AddressRange::~AddressRange() {
    unmap();
}

void AddressRange::unmap() {
    guard_ = ForkGuard{};
    if (address_ != nullptr) ::munmap(std::exchange(address_, nullptr), size_);
}

tl::expected<AddressRange, SystemError> AddressRange::reserve(std::uint64_t wanted) {
    const auto size = addressable(wanted);
    if (!size) return tl::unexpected{size.error()};
    AddressRange range;
    void* address = ::mmap(nullptr, *size, PROT_READ | PROT_WRITE, private_pages, -1, 0);
    if (address == MAP_FAILED) return failed("mmap of an address range");
    range.address_ = address;
    range.size_ = *size;
    range.guard_ = ForkGuard{address, *size};
    return range;
}

tl::expected<void, SystemError> AddressRange::map(const MemoryFile& file) {
    auto file_size = file.size();
    if (!file_size) return tl::unexpected{file_size.error()};
    if (*file_size < size_)
        return tl::unexpected{
            SystemError{.operation = "mapping a memory file smaller than announced", .code = EINVAL}};
    const ExchangeOfPages others_may_look;
    // MAP_FIXED replaces what is there under one lock of the address space: nobody sees a hole.
    if (::mmap(address_, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.descriptor().get(), 0) ==
        MAP_FAILED)
        return failed("mmap of a memory file into an address range");
    guard_.renew();
    return {};
}

tl::expected<void, SystemError> AddressRange::clear() {
    const ExchangeOfPages others_may_look;
    if (::mmap(address_, size_, PROT_READ | PROT_WRITE, private_pages | MAP_FIXED, -1, 0) == MAP_FAILED)
        return failed("mmap of private pages into an address range");
    return {};
}

}  // namespace ipc::shm
