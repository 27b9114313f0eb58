// SPDX-License-Identifier: Apache-2.0
#include "mapping.hpp"

#include "shm/addressable.hpp"

#include <boost/interprocess/exceptions.hpp>

#include <cerrno>
#include <utility>

namespace ipc::shm {

namespace interprocess = boost::interprocess;

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    if (this != &other) {
        guard_ = ForkGuard{};
        region_ = std::move(other.region_);
        guard_ = std::move(other.guard_);
    }
    return *this;
}

tl::expected<Mapping, SystemError> Mapping::map(const MemoryFile& file, std::uint64_t expected_size,
                                                Access access) {
    auto size = file.size();
    if (!size) return tl::unexpected{size.error()};
    if (*size < expected_size || expected_size == 0)
        return tl::unexpected{
            SystemError{.operation = "mapping a memory file smaller than announced", .code = EINVAL}};
    const auto length = addressable(expected_size);
    if (!length) return tl::unexpected{length.error()};
    Mapping mapping;
    try {
        mapping.region_ = interprocess::mapped_region{
            file, access == Access::ReadOnly ? interprocess::read_only : interprocess::read_write, 0,
            *length};
    } catch (const interprocess::interprocess_exception& failure) {
        return tl::unexpected{
            SystemError{.operation = "mmap of a memory file", .code = failure.get_native_error()}};
    }
    mapping.guard_ = ForkGuard{mapping.region_.get_address(), mapping.region_.get_size()};
    return mapping;
}

}  // namespace ipc::shm
