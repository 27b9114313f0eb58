// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/uuid.hpp"

#include <string>

// What the broker's memory files are called. Only a file's creator can name it, so a name and the broker's
// user say what a presented file is.
namespace roudi {

inline std::string record_name(ipc::wire::Uuid node) {
    return "ipc-record-" + node.text();
}
inline std::string counters_name(ipc::wire::Uuid node) {
    return "ipc-counters-" + node.text();
}
inline std::string data_name(ipc::wire::Uuid port) {
    return "ipc-data-" + port.text();
}
inline std::string connection_name(ipc::wire::Uuid connection) {
    return "ipc-connection-" + connection.text();
}

}  // namespace roudi
