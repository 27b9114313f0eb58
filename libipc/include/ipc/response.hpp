// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/received_payload.hpp"
#include "ipc/untyped/response.hpp"

namespace ipc {

// A received response, read where its server wrote it (or in the client's own memory, if it is small). See
// untyped::Response for how long it lives.
template <class Payload, class UserHeader = void>
class Response : public detail::ReceivedPayload<untyped::Response, Payload, UserHeader> {
 public:
    using detail::ReceivedPayload<untyped::Response, Payload, UserHeader>::ReceivedPayload;
};

}  // namespace ipc
