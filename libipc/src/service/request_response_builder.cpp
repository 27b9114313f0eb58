// SPDX-License-Identifier: Apache-2.0
#include "service/error_names.hpp"
#include "service/opening.hpp"
#include "service/schemas.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/defaults.hpp>
#include <ipc/untyped/request_response.hpp>

#include <utility>

namespace ipc {

std::string_view to_string(RequestResponseCreateError error) {
    return detail::error_name(error);
}
std::string_view to_string(RequestResponseOpenError error) {
    return detail::error_name(error);
}
std::string_view to_string(RequestResponseOpenOrCreateError error) {
    return detail::error_name(error);
}

namespace untyped {

using Builder = RequestResponseBuilder;

Builder& Builder::request_user_header(TypeDetail type) {
    request_user_header_ = std::move(type);
    return *this;
}
Builder& Builder::response_user_header(TypeDetail type) {
    response_user_header_ = std::move(type);
    return *this;
}
Builder& Builder::request_schema(Schema schema) {
    request_schema_ = std::move(schema);
    return *this;
}
Builder& Builder::response_schema(Schema schema) {
    response_schema_ = std::move(schema);
    return *this;
}
Builder& Builder::enable_safe_overflow_for_requests(bool enabled) {
    request_overflow_ = enabled;
    return *this;
}
Builder& Builder::enable_safe_overflow_for_responses(bool enabled) {
    response_overflow_ = enabled;
    return *this;
}
Builder& Builder::enable_fire_and_forget_requests(bool enabled) {
    fire_and_forget_ = enabled;
    return *this;
}
Builder& Builder::max_active_requests_per_client(std::uint64_t count) {
    max_active_requests_per_client_ = count;
    return *this;
}
Builder& Builder::max_loaned_requests(std::uint64_t count) {
    max_loaned_requests_ = count;
    return *this;
}
Builder& Builder::max_response_buffer_size(std::uint64_t responses) {
    max_response_buffer_size_ = responses;
    return *this;
}
Builder& Builder::max_borrowed_responses_per_pending_response(std::uint64_t responses) {
    max_borrowed_responses_per_pending_response_ = responses;
    return *this;
}
Builder& Builder::max_clients(std::uint64_t count) {
    max_clients_ = count;
    return *this;
}
Builder& Builder::max_servers(std::uint64_t count) {
    max_servers_ = count;
    return *this;
}
Builder& Builder::max_nodes(std::uint64_t count) {
    max_nodes_ = count;
    return *this;
}
Builder& Builder::request_payload_alignment(std::uint64_t bytes) {
    request_payload_alignment_ = bytes;
    return *this;
}
Builder& Builder::response_payload_alignment(std::uint64_t bytes) {
    response_payload_alignment_ = bytes;
    return *this;
}

template <class Code>
expected<RequestResponseService, Error<Code>> Builder::ask(detail::Opening opening) const {
    auto wrong = detail::why_invalid("request schema", request_schema_);
    if (!wrong) wrong = detail::why_invalid("response schema", response_schema_);
    if (wrong) return unexpected{Error{Code::InvalidSetting, "service \"" + name_ + "\": " + *wrong}};
    wire::RequestResponseRequest request;
    request.settings = {
        .request = detail::to_wire(request_),
        .request_header = detail::to_wire(request_user_header_),
        .response = detail::to_wire(response_),
        .response_header = detail::to_wire(response_user_header_),
        .request_schema = detail::to_wire(request_schema_),
        .response_schema = detail::to_wire(response_schema_),
        .request_overflow = request_overflow_.value_or(defaults::enable_safe_overflow_for_requests),
        .response_overflow = response_overflow_.value_or(defaults::enable_safe_overflow_for_responses),
        .fire_and_forget = fire_and_forget_.value_or(defaults::enable_fire_and_forget_requests),
        .max_active_requests_per_client =
            max_active_requests_per_client_.value_or(defaults::max_active_requests_per_client),
        .max_loaned_requests = max_loaned_requests_.value_or(defaults::max_loaned_requests),
        .max_response_buffer_size = max_response_buffer_size_.value_or(defaults::max_response_buffer_size),
        .max_borrowed_responses_per_pending_response = max_borrowed_responses_per_pending_response_.value_or(
            defaults::max_borrowed_responses_per_pending_response),
        .max_clients = max_clients_.value_or(defaults::max_clients),
        .max_servers = max_servers_.value_or(defaults::max_servers),
        .max_nodes = max_nodes_.value_or(defaults::request_response_max_nodes),
        .request_alignment = request_payload_alignment_.value_or(request_.alignment),
        .response_alignment = response_payload_alignment_.value_or(response_.alignment)};
    request.requirements = {
        .request_overflow = request_overflow_,
        .response_overflow = response_overflow_,
        .fire_and_forget = fire_and_forget_,
        .max_active_requests_per_client = max_active_requests_per_client_,
        .max_loaned_requests = max_loaned_requests_,
        .max_response_buffer_size = max_response_buffer_size_,
        .max_borrowed_responses_per_pending_response = max_borrowed_responses_per_pending_response_,
        .max_clients = max_clients_,
        .max_servers = max_servers_,
        .max_nodes = max_nodes_,
        .request_alignment = request_payload_alignment_,
        .response_alignment = response_payload_alignment_};
    auto handle = detail::open_service<Code>(session_, name_, opening, std::move(request));
    if (!handle) return unexpected{std::move(handle.error())};
    return RequestResponseService{std::move(*handle)};
}

expected<RequestResponseService, Error<RequestResponseCreateError>> Builder::create() const {
    return ask<RequestResponseCreateError>({.mode = wire::OpenMode::Create, .attributes = {}});
}

expected<RequestResponseService, Error<RequestResponseOpenError>> Builder::open() const {
    return ask<RequestResponseOpenError>({.mode = wire::OpenMode::Open, .attributes = {}});
}

expected<RequestResponseService, Error<RequestResponseOpenOrCreateError>> Builder::open_or_create() const {
    return ask<RequestResponseOpenOrCreateError>({.mode = wire::OpenMode::OpenOrCreate, .attributes = {}});
}

expected<RequestResponseService, Error<RequestResponseCreateError>> Builder::create_with_attributes(
    const AttributeSpecifier& attributes) const {
    return ask<RequestResponseCreateError>(
        {.mode = wire::OpenMode::Create, .attributes = detail::to_wire(attributes)});
}

expected<RequestResponseService, Error<RequestResponseOpenError>> Builder::open_with_attributes(
    const AttributeVerifier& required) const {
    return ask<RequestResponseOpenError>(
        {.mode = wire::OpenMode::Open, .attributes = detail::to_wire(required)});
}

expected<RequestResponseService, Error<RequestResponseOpenOrCreateError>>
Builder::open_or_create_with_attributes(const AttributeVerifier& required) const {
    return ask<RequestResponseOpenOrCreateError>(
        {.mode = wire::OpenMode::OpenOrCreate, .attributes = detail::to_wire(required)});
}

}  // namespace untyped

}  // namespace ipc
