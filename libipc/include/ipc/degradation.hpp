// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/unique_id.hpp"

#include <functional>
#include <string>

namespace ipc {

// A connection that was cut because its other end wrote what no honest port can have written. All other
// connections of the port go on.
struct DegradationInfo {
    UniquePortId port;  // this one
    UniquePortId peer;  // the other end
    std::string detail;
};

// Called once for each connection that is cut, by the thread that found out, in the middle of its operation
// on the port: it must not use the port, and must not throw.
using DegradationHandler = std::function<void(const DegradationInfo&)>;

}  // namespace ipc
