// SPDX-License-Identifier: Apache-2.0
#include "broker/shortage.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>

namespace roudi {

Rejection shortage(const shm::SystemError& error) {
    const bool used_up = error.code == ENOMEM || error.code == EMFILE || error.code == ENFILE;
    return {.code = used_up ? wire::Refusal::OutOfMemory : wire::Refusal::InternalFailure,
            .message = "the broker (process " + std::to_string(::getpid()) + ") failed: " + error.message() +
                       (used_up ? "; raise its limit, or close what is not needed" : "")};
}

Granted<shm::UniqueFd> duplicate(const shm::UniqueFd& descriptor) {
    auto copy = descriptor.duplicate();
    if (!copy) return tl::unexpected{shortage(shm::failed("duplicating a descriptor").value())};
    return copy;
}

}  // namespace roudi
