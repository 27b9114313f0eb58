// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/received_payload.hpp"
#include "ipc/response_mut.hpp"
#include "ipc/untyped/active_request.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
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
    using Written = ResponseMut<ResponsePayload, ResponseUserHeader>;

    // Memory for one response, to be written. Does not block.
    expected<Loan, LoanError> loan_uninit() requires(!is_slice_v<ResponsePayload>) {
        auto loan = this->received_.loan();
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan)};
    }
    // Likewise, with a value-initialised payload.
    expected<Written, LoanError> loan() requires(!is_slice_v<ResponsePayload>) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    // Loans, copies and sends.
    expected<std::size_t, SendError> send_copy(const ResponsePayload& response) requires(
        !is_slice_v<ResponsePayload>) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{to_send_error(uninit.error())};
        return std::move(*uninit).write_payload(response).send();
    }

    // Likewise, of slices: memory for so many elements, 0 to initial_max_slice_len.
    expected<Loan, LoanError> loan_slice_uninit(std::size_t elements) requires is_slice_v<ResponsePayload> {
        auto loan = this->received_.loan_slice(elements);
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan), elements};
    }
    expected<Written, LoanError> loan_slice(std::size_t elements) requires is_slice_v<ResponsePayload> {
        auto uninit = loan_slice_uninit(elements);
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    expected<std::size_t, SendError> send_slice_copy(
        std::span<const element_t<ResponsePayload>> elements) requires is_slice_v<ResponsePayload> {
        auto uninit = loan_slice_uninit(elements.size());
        if (!uninit) return unexpected{to_send_error(uninit.error())};
        return std::move(*uninit).write_from_slice(elements).send();
    }

    StreamState state() const { return this->received_.state(); }
    bool is_connected() const { return this->received_.is_connected(); }
    bool has_disconnect_hint() const { return this->received_.has_disconnect_hint(); }
    std::optional<std::chrono::steady_clock::time_point> deadline() const {
        return this->received_.deadline();
    }
};

}  // namespace ipc
