// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/memory_file.hpp"
#include "shm/system_error.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>

namespace ipc::shm {

// When the memory behind a mapping is paid: as it is touched, or before it is used. Then a shortage is an
// error here, and no page fault comes later.
enum class Residence : std::uint8_t {
    when_touched,
    prefaulted,
    locked,  // prefaulted, and never given to swap
};

constexpr Residence residence_of(bool prefault, bool lock) {
    if (lock) return Residence::locked;
    return prefault ? Residence::prefaulted : Residence::when_touched;
}

// All of a file that this process writes, `size` bytes of which are mapped at `address`: reserves its pages,
// which are charged to this process's memory control group, and maps them. ENOMEM where there is less memory
// than that, or, to be locked, less than RLIMIT_MEMLOCK allows.
tl::expected<void, SystemError> make_resident(void* address, std::size_t size, const MemoryFile& file,
                                              Residence residence);

// Of a file that others write: maps the pages that are there. What its writer has not touched stays unpaid.
tl::expected<void, SystemError> make_present_resident(void* address, std::size_t size, const MemoryFile& file,
                                                      Residence residence);

}  // namespace ipc::shm
