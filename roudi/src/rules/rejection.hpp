// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "wire/refusal.hpp"

#include <tl/expected.hpp>

#include <string>

namespace roudi {

namespace wire = ipc::wire;
namespace shm = ipc::shm;

// Why an honest request is not granted. The message names what exists and what was asked for.
struct Rejection {
    wire::Refusal code = wire::Refusal::InternalFailure;
    std::string message;
};

template <class T>
using Granted = tl::expected<T, Rejection>;

inline tl::unexpected<Rejection> reject(wire::Refusal code, std::string message) {
    return tl::unexpected{Rejection{.code = code, .message = std::move(message)}};
}

}  // namespace roudi
