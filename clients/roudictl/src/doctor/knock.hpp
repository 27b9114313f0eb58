// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace roudictl {

enum class Door : std::uint8_t {
    Open,       // somebody accepts
    Absent,     // no such file
    Deserted,   // a socket that nobody listens on
    Forbidden,  // the socket, or a directory before it, is closed to us
    NotASocket,
    Unusable,  // anything else: `reason`
};

struct Knock {
    Door door;
    std::string reason;  // the kernel's word for it
};

// Connects to a Unix socket and hangs up: why a broker cannot be reached is seen only here.
Knock knock(const std::string& path);

}  // namespace roudictl
