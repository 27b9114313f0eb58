// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/client.hpp"
#include "ipc/payload.hpp"
#include "ipc/server.hpp"
#include "ipc/untyped/request_response.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace ipc {

// An opened service whose requests are a Request each and whose responses are a Response each, with a user
// header each unless that is void. See untyped::RequestResponseService.
template <class Request, class Response, class RequestHeader = void, class ResponseHeader = void>
class RequestResponseService {
 public:
    explicit RequestResponseService(untyped::RequestResponseService service) : service_{std::move(service)} {}

    const std::string& name() const { return service_.name(); }
    const std::string& service_hash() const { return service_.service_hash(); }
    bool was_created() const { return service_.was_created(); }
    AttributeSet attributes() const { return service_.attributes(); }
    RequestResponseStaticConfig static_config() const { return service_.static_config(); }
    expected<RequestResponseDynamicConfig, Error<ServiceDetailsError>> dynamic_config() const {
        return service_.dynamic_config();
    }

    ClientBuilder<Request, Response, RequestHeader, ResponseHeader> client_builder() const {
        return ClientBuilder<Request, Response, RequestHeader, ResponseHeader>{service_.handle()};
    }
    ServerBuilder<Request, Response, RequestHeader, ResponseHeader> server_builder() const {
        return ServerBuilder<Request, Response, RequestHeader, ResponseHeader>{service_.handle()};
    }

    const untyped::RequestResponseService& untyped_service() const { return service_; }

 private:
    untyped::RequestResponseService service_;
};

// See untyped::RequestResponseBuilder for what each setting means.
template <class Request, class Response, class RequestHeader = void, class ResponseHeader = void>
class RequestResponseBuilder {
 public:
    using Service = RequestResponseService<Request, Response, RequestHeader, ResponseHeader>;

    explicit RequestResponseBuilder(untyped::RequestResponseBuilder builder) : builder_{std::move(builder)} {}

    template <class Header>
    RequestResponseBuilder<Request, Response, Header, ResponseHeader> request_user_header() const {
        auto builder = builder_;
        builder.request_user_header(type_detail<Header>());
        return RequestResponseBuilder<Request, Response, Header, ResponseHeader>{std::move(builder)};
    }
    template <class Header>
    RequestResponseBuilder<Request, Response, RequestHeader, Header> response_user_header() const {
        auto builder = builder_;
        builder.response_user_header(type_detail<Header>());
        return RequestResponseBuilder<Request, Response, RequestHeader, Header>{std::move(builder)};
    }
    RequestResponseBuilder& request_schema(Schema schema) {
        return set(builder_.request_schema(std::move(schema)));
    }
    RequestResponseBuilder& response_schema(Schema schema) {
        return set(builder_.response_schema(std::move(schema)));
    }
    RequestResponseBuilder& enable_safe_overflow_for_requests(bool enabled) {
        return set(builder_.enable_safe_overflow_for_requests(enabled));
    }
    RequestResponseBuilder& enable_safe_overflow_for_responses(bool enabled) {
        return set(builder_.enable_safe_overflow_for_responses(enabled));
    }
    RequestResponseBuilder& enable_fire_and_forget_requests(bool enabled) {
        return set(builder_.enable_fire_and_forget_requests(enabled));
    }
    RequestResponseBuilder& max_active_requests_per_client(std::uint64_t count) {
        return set(builder_.max_active_requests_per_client(count));
    }
    RequestResponseBuilder& max_loaned_requests(std::uint64_t count) {
        return set(builder_.max_loaned_requests(count));
    }
    RequestResponseBuilder& max_response_buffer_size(std::uint64_t responses) {
        return set(builder_.max_response_buffer_size(responses));
    }
    RequestResponseBuilder& max_borrowed_responses_per_pending_response(std::uint64_t responses) {
        return set(builder_.max_borrowed_responses_per_pending_response(responses));
    }
    RequestResponseBuilder& max_clients(std::uint64_t count) { return set(builder_.max_clients(count)); }
    RequestResponseBuilder& max_servers(std::uint64_t count) { return set(builder_.max_servers(count)); }
    RequestResponseBuilder& max_nodes(std::uint64_t count) { return set(builder_.max_nodes(count)); }
    RequestResponseBuilder& request_payload_alignment(std::uint64_t bytes) {
        return set(builder_.request_payload_alignment(bytes));
    }
    RequestResponseBuilder& response_payload_alignment(std::uint64_t bytes) {
        return set(builder_.response_payload_alignment(bytes));
    }

    expected<Service, Error<RequestResponseCreateError>> create() const { return typed(builder_.create()); }
    expected<Service, Error<RequestResponseOpenError>> open() const { return typed(builder_.open()); }
    expected<Service, Error<RequestResponseOpenOrCreateError>> open_or_create() const {
        return typed(builder_.open_or_create());
    }
    expected<Service, Error<RequestResponseCreateError>> create_with_attributes(
        const AttributeSpecifier& attributes) const {
        return typed(builder_.create_with_attributes(attributes));
    }
    expected<Service, Error<RequestResponseOpenError>> open_with_attributes(
        const AttributeVerifier& required) const {
        return typed(builder_.open_with_attributes(required));
    }
    expected<Service, Error<RequestResponseOpenOrCreateError>> open_or_create_with_attributes(
        const AttributeVerifier& required) const {
        return typed(builder_.open_or_create_with_attributes(required));
    }

 private:
    RequestResponseBuilder& set(untyped::RequestResponseBuilder&) { return *this; }

    template <class Code>
    static expected<Service, Error<Code>> typed(
        expected<untyped::RequestResponseService, Error<Code>> opened) {
        if (!opened) return unexpected{std::move(opened.error())};
        return Service{std::move(*opened)};
    }

    untyped::RequestResponseBuilder builder_;
};

}  // namespace ipc
