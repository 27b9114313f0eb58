// SPDX-License-Identifier: Apache-2.0
#include "system_error.hpp"

#include <cerrno>
#include <system_error>

namespace ipc::shm {

std::string SystemError::message() const {
    return std::string{operation} + ": " + std::generic_category().message(code);
}

tl::unexpected<SystemError> failed(const char* operation) {
    return tl::unexpected{SystemError{.operation = operation, .code = errno}};
}

}  // namespace ipc::shm
