// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/request_mut.hpp"
#include "ipc/untyped/client.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
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

    explicit Client(untyped::Client client) : client_{std::move(client)} {}

    UniquePortId id() const { return client_.id(); }

    // Memory for one request, to be written. Does not block.
    expected<Loan, LoanError> loan_uninit() {
        auto loan = client_.loan();
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan)};
    }
    // Likewise, with a value-initialised payload.
    expected<Written, LoanError> loan() {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    // Loans, copies and sends.
    expected<Pending, RequestSendError> send_copy(const Request& request) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{to_request_send_error(uninit.error())};
        return std::move(*uninit).write_payload(request).send();
    }

    // Sends, and sleeps until the first response; drops the stream then.
    expected<Response<ResponsePayload, ResponseUserHeader>, CallError> call(
        const Request& request, std::chrono::nanoseconds timeout) {
        auto pending = send_copy(request);
        if (!pending) return unexpected{to_call_error(pending.error())};
        auto response = pending->receive(timeout);
        if (!response) return unexpected{to_call_error(response.error())};
        if (*response) return std::move(**response);
        return unexpected{why_no_response(pending->state(), pending->number_of_server_connections())};
    }

    // See untyped::Client.
    expected<std::size_t, RequestSendError> update_connections() { return client_.update_connections(); }
    expected<int, Error<FileDescriptorError>> file_descriptor() { return client_.file_descriptor(); }
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const { return client_.wait_source(); }

 private:
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
