// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/sample_mut.hpp"

namespace ipc {

// A loaned sample whose payload has no value yet.
template <class Payload, class UserHeader = void>
class SampleMutUninit : public detail::UnwrittenPayload<SampleMut<Payload, UserHeader>, untyped::SampleMut,
                                                        Payload, UserHeader> {
 public:
    using detail::UnwrittenPayload<SampleMut<Payload, UserHeader>, untyped::SampleMut, Payload,
                                   UserHeader>::UnwrittenPayload;
};

}  // namespace ipc
