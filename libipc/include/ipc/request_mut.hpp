// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/loaned_payload.hpp"
#include "ipc/detail/loaned_slice.hpp"
#include "ipc/pending_response.hpp"
#include "ipc/untyped/request_mut.hpp"

#include <chrono>
#include <utility>

namespace ipc {

// A loaned request whose payload has a value. See untyped::RequestMut for who may use it and how long.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class RequestMut : public detail::LoanedPayload<untyped::RequestMut, Request, RequestUserHeader> {
 public:
    using detail::LoanedPayload<untyped::RequestMut, Request, RequestUserHeader>::LoanedPayload;

    // How long after it was sent the stream of its responses ends, for both sides. Default: the client's.
    void set_deadline(std::chrono::nanoseconds after_sending) { this->loan_.set_deadline(after_sending); }

    // See untyped::RequestMut::send.
    expected<PendingResponse<ResponsePayload, ResponseUserHeader>, RequestSendError> send() && {
        auto pending = std::move(this->loan_).send();
        if (!pending) return unexpected{pending.error()};
        return PendingResponse<ResponsePayload, ResponseUserHeader>{std::move(*pending)};
    }
};

// A loaned request whose payload has no value yet.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class RequestMutUninit : public detail::UnwrittenPayload<
                             RequestMut<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>,
                             untyped::RequestMut, Request, RequestUserHeader> {
 public:
    using detail::UnwrittenPayload<
        RequestMut<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>, untyped::RequestMut,
        Request, RequestUserHeader>::UnwrittenPayload;
};

}  // namespace ipc
