// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <vector>

namespace roudi {

// Who a client is: what the kernel says of the process that connected, never what the client says.
struct Identity {
    pid_t pid = 0;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  // the others it is in
};

}  // namespace roudi
