// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"

#include <tl/expected.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::shm {

// A size as this process counts it. One of 32 bits may meet a segment that it has no addresses for.
inline tl::expected<std::size_t, SystemError> addressable(std::uint64_t size) {
    if (!std::in_range<std::size_t>(size))
        return tl::unexpected{
            SystemError{.operation = "mapping more than a 32-bit process has addresses for", .code = ENOMEM}};
    return static_cast<std::size_t>(size);
}

}  // namespace ipc::shm
