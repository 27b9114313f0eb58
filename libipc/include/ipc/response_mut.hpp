// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/loaned_payload.hpp"
#include "ipc/detail/loaned_slice.hpp"
#include "ipc/untyped/response_mut.hpp"

#include <cstddef>
#include <utility>

namespace ipc {

// A loaned response whose payload has a value. See untyped::ResponseMut for who may use it and how long.
template <class Payload, class UserHeader = void>
class ResponseMut : public detail::LoanedPayload<untyped::ResponseMut, Payload, UserHeader> {
 public:
    using detail::LoanedPayload<untyped::ResponseMut, Payload, UserHeader>::LoanedPayload;

    // See untyped::ResponseMut::send.
    expected<std::size_t, SendError> send() && { return std::move(this->loan_).send(); }
};

// A loaned response whose payload has no value yet.
template <class Payload, class UserHeader = void>
class ResponseMutUninit : public detail::UnwrittenPayload<ResponseMut<Payload, UserHeader>,
                                                          untyped::ResponseMut, Payload, UserHeader> {
 public:
    using detail::UnwrittenPayload<ResponseMut<Payload, UserHeader>, untyped::ResponseMut, Payload,
                                   UserHeader>::UnwrittenPayload;
};

}  // namespace ipc
