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

Rejection no_huge_pages(const shm::SystemError& error) {
    return {.code = wire::Refusal::OutOfMemory,
            .message = "the broker (process " + std::to_string(::getpid()) + ") failed: " + error.message() +
                       "; this kernel has no huge pages of 2 MiB, or the broker may not use them: leave "
                       "huge_pages off"};
}

Granted<shm::UniqueFd> duplicate(const shm::UniqueFd& descriptor) {
    auto copy = descriptor.duplicate();
    if (!copy) return tl::unexpected{shortage(shm::failed("duplicating a descriptor").value())};
    return copy;
}

}  // namespace roudi
