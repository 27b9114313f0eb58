// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc {

// Which of the connected servers a client's request goes to.
enum class Routing : std::uint8_t {
    ToAll,        // to each of them
    LeastLoaded,  // to the one with the fewest of this client's requests under way; to each in turn if there
                  // are several
};

}  // namespace ipc
