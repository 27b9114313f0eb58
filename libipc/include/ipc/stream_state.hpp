// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

// What became of a stream of responses, as seen by either end.
enum class StreamState : std::uint8_t {
    Open,              // more may come
    Completed,         // every server that got the request has ended its stream; or the server has ended it
    Cancelled,         // the client has cancelled the request, or dropped its pending response; or, with safe
                       // overflow, its newer requests took this one's place before any server had received it
    DeadlineExceeded,  // the request's deadline has passed
    PeerDied,          // the other end is gone without having ended the stream, or was cut
};

IPC_API std::string_view to_string(StreamState state);

}  // namespace ipc
