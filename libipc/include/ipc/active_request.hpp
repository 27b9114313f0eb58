// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/received_payload.hpp"
#include "ipc/response_mut.hpp"
#include "ipc/untyped/active_request.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace ipc {

// A received request, and the stream of responses to it. Dropping it ends the stream. See
// untyped::ActiveRequest for threads and lifetime.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class ActiveRequest : public detail::ReceivedPayload<untyped::ActiveRequest, Request, RequestUserHeader> {
 public:
    using detail::ReceivedPayload<untyped::ActiveRequest, Request, RequestUserHeader>::ReceivedPayload;
    using Loan = ResponseMutUninit<ResponsePayload, ResponseUserHeader>;

    // Memory for one response, to be written. Does not block.
    expected<Loan, LoanError> loan_uninit() {
        auto loan = this->received_.loan();
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan)};
    }
    // Likewise, with a value-initialised payload.
    expected<ResponseMut<ResponsePayload, ResponseUserHeader>, LoanError> loan() {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    // Loans, copies and sends.
    expected<std::size_t, SendError> send_copy(const ResponsePayload& response) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{to_send_error(uninit.error())};
        return std::move(*uninit).write_payload(response).send();
    }

    StreamState state() const { return this->received_.state(); }
    bool is_connected() const { return this->received_.is_connected(); }
    bool has_disconnect_hint() const { return this->received_.has_disconnect_hint(); }
    std::optional<std::chrono::steady_clock::time_point> deadline() const {
        return this->received_.deadline();
    }
};

}  // namespace ipc
