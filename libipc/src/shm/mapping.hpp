// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/fork_guard.hpp"
#include "shm/memory_file.hpp"
#include "shm/system_error.hpp"

#include <boost/interprocess/mapped_region.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>

namespace ipc::shm {

enum class Access : std::uint8_t { ReadOnly, ReadWrite };

// A whole memory file, mapped. Moving it does not move the memory.
class Mapping {
 public:
    Mapping() = default;
    Mapping(Mapping&&) noexcept = default;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping() = default;

    // Fails with EINVAL where the file is smaller than `expected_size`: a peer's number is not believed, and
    // what lies behind the end of a file is a SIGBUS.
    static tl::expected<Mapping, SystemError> map(const MemoryFile& file, std::uint64_t expected_size,
                                                  Access access);

    std::byte* data() const { return static_cast<std::byte*>(region_.get_address()); }
    std::size_t size() const { return region_.get_size(); }
    explicit operator bool() const { return region_.get_address() != nullptr; }

 private:
    boost::interprocess::mapped_region region_;
    // Forgets the range before the region is unmapped: another thread may be given the same addresses at
    // once.
    ForkGuard guard_;
};

}  // namespace ipc::shm
