// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <system_error>

namespace bench {

// What a system call returned; throws where that is a failure.
template <class Result>
Result checked(Result result, const char* what) {
    if (result < 0) throw std::system_error{errno, std::generic_category(), what};
    return result;
}

// Likewise, but false where it only said that it would have to wait.
template <class Result>
bool ready(Result result, const char* what) {
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    checked(result, what);
    return true;
}

}  // namespace bench
