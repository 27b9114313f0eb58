// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/request_mut.hpp"
#include "ipc/untyped/client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace ipc {

// Sends requests of one service, and receives the responses to each. See untyped::Client for threads and
// lifetime.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class Client {
 public:
    using Loan = RequestMutUninit<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>;
    using Written = RequestMut<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>;
    using Pending = PendingResponse<ResponsePayload, ResponseUserHeader>;
    using Answer = Response<ResponsePayload, ResponseUserHeader>;

    explicit Client(untyped::Client client) : client_{std::move(client)} {}

    UniquePortId id() const { return client_.id(); }

    // Memory for one request, to be written. Does not block.
    expected<Loan, LoanError> loan_uninit() requires(!is_slice_v<Request>) {
        auto loan = client_.loan();
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan)};
    }
    // Likewise, with a value-initialised payload.
    expected<Written, LoanError> loan() requires(!is_slice_v<Request>) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    // Loans, copies and sends.
    expected<Pending, RequestSendError> send_copy(const Request& request) requires(!is_slice_v<Request>) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{to_request_send_error(uninit.error())};
        return std::move(*uninit).write_payload(request).send();
    }

    // Likewise, of slices: memory for so many elements, 0 to initial_max_slice_len.
    expected<Loan, LoanError> loan_slice_uninit(std::size_t elements) requires is_slice_v<Request> {
        auto loan = client_.loan_slice(elements);
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan), elements};
    }
    expected<Written, LoanError> loan_slice(std::size_t elements) requires is_slice_v<Request> {
        auto uninit = loan_slice_uninit(elements);
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    expected<Pending, RequestSendError> send_slice_copy(std::span<const element_t<Request>> elements) requires
        is_slice_v<Request> {
        auto uninit = loan_slice_uninit(elements.size());
        if (!uninit) return unexpected{to_request_send_error(uninit.error())};
        return std::move(*uninit).write_from_slice(elements).send();
    }

    // Sends, and sleeps until the first response; drops the stream then.
    expected<Answer, CallError> call(const Request& request,
                                     std::chrono::nanoseconds timeout) requires(!is_slice_v<Request>) {
        return first_response(send_copy(request), timeout);
    }
    expected<Answer, CallError> call(std::span<const element_t<Request>> elements,
                                     std::chrono::nanoseconds timeout) requires is_slice_v<Request> {
        return first_response(send_slice_copy(elements), timeout);
    }

    // See untyped::Client.
    expected<std::size_t, RequestSendError> update_connections() { return client_.update_connections(); }
    expected<int, Error<FileDescriptorError>> file_descriptor() { return client_.file_descriptor(); }
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const { return client_.wait_source(); }

 private:
    static expected<Answer, CallError> first_response(expected<Pending, RequestSendError> pending,
                                                      std::chrono::nanoseconds timeout) {
        if (!pending) return unexpected{to_call_error(pending.error())};
        auto response = pending->receive(timeout);
        if (!response) return unexpected{to_call_error(response.error())};
        if (*response) return std::move(**response);
        return unexpected{why_no_response(pending->state(), pending->number_of_server_connections())};
    }

    untyped::Client client_;
};

// Settings of a client; see untyped::ClientBuilder for what each means.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class ClientBuilder {
 public:
    using Port = Client<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>;

    explicit ClientBuilder(std::shared_ptr<detail::ServiceHandle> service) : builder_{std::move(service)} {}

    ClientBuilder& name(std::string_view name) { return set(builder_.name(name)); }
    ClientBuilder& routing(Routing routing) { return set(builder_.routing(routing)); }
    ClientBuilder& retry_on_server_death(bool enabled) {
        return set(builder_.retry_on_server_death(enabled));
    }
    ClientBuilder& default_deadline(std::chrono::nanoseconds after_sending) {
        return set(builder_.default_deadline(after_sending));
    }
    ClientBuilder& initial_max_slice_len(std::uint64_t elements) requires is_slice_v<Request> {
        return set(builder_.initial_max_slice_len(elements));
    }
    ClientBuilder& allocation_strategy(AllocationStrategy strategy) requires is_slice_v<Request> {
        return set(builder_.allocation_strategy(strategy));
    }
    ClientBuilder& backpressure_strategy(BackpressureStrategy strategy) {
        return set(builder_.backpressure_strategy(strategy));
    }
    ClientBuilder& backpressure_handler(BackpressureHandler handler) {
        return set(builder_.backpressure_handler(std::move(handler)));
    }
    ClientBuilder& degradation_handler(DegradationHandler handler) {
        return set(builder_.degradation_handler(std::move(handler)));
    }
    ClientBuilder& thread_safe(bool enabled) { return set(builder_.thread_safe(enabled)); }
    ClientBuilder& prefault(bool enabled) { return set(builder_.prefault(enabled)); }
    ClientBuilder& lock_memory(bool enabled) { return set(builder_.lock_memory(enabled)); }
    ClientBuilder& huge_pages(bool enabled) { return set(builder_.huge_pages(enabled)); }

    expected<Port, Error<ClientCreateError>> create() const {
        auto client = builder_.create();
        if (!client) return unexpected{std::move(client.error())};
        return Port{std::move(*client)};
    }

 private:
    ClientBuilder& set(untyped::ClientBuilder&) { return *this; }

    untyped::ClientBuilder builder_;
};

}  // namespace ipc
