// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/received_payload.hpp"
#include "ipc/untyped/sample.hpp"

namespace ipc {

// A received sample, read where its publisher wrote it (or in the subscriber's own memory, if it is small).
// See untyped::Sample for how long it lives.
template <class Payload, class UserHeader = void>
class Sample : public detail::ReceivedPayload<untyped::Sample, Payload, UserHeader> {
 public:
    using detail::ReceivedPayload<untyped::Sample, Payload, UserHeader>::ReceivedPayload;
};

}  // namespace ipc
