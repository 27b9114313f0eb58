// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "layout/request_connection.hpp"
#include "layout/sample.hpp"
#include "wire/port_kind.hpp"
#include "wire/publish_subscribe.hpp"
#include "wire/type_detail.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

// The request-response pattern: requests from clients to servers, and streams of responses back.
namespace ipc::wire {

// What a request-response service is; fixed by its creator.
struct RequestResponseSettings {
    static constexpr std::string_view key = "request_response";
    static constexpr std::string_view words = "request-response";

    TypeDetail request;
    TypeDetail request_header;
    TypeDetail response;
    TypeDetail response_header;
    std::optional<Schema> request_schema;
    std::optional<Schema> response_schema;
    bool request_overflow = true;
    bool response_overflow = true;
    bool fire_and_forget = true;  // a request is received also if its client has given it up by then
    std::uint64_t max_active_requests_per_client = 0;
    std::uint64_t max_loaned_requests = 0;
    std::uint64_t max_response_buffer_size = 0;
    std::uint64_t max_borrowed_responses_per_pending_response = 0;
    std::uint64_t max_clients = 0;
    std::uint64_t max_servers = 0;
    std::uint64_t max_nodes = 0;
    std::uint64_t request_alignment = 1;   // at least the request type's
    std::uint64_t response_alignment = 1;  // at least the response type's

    // Where things lie in a request, in a response, and in the data segments of a client and of a server.
    layout::Sample request_block() const {
        return layout::request(request.payload(request_alignment),
                               {.size = request_header.size, .alignment = request_header.alignment});
    }
    layout::Sample response_block() const {
        return layout::sample(response.payload(response_alignment),
                              {.size = response_header.size, .alignment = response_header.alignment}, false);
    }
    // A client keeps a request for as long as it may have to send it to another server.
    layout::Data request_data(std::uint64_t max_slice_len = 1) const {
        return layout::data({.max_receivers = max_servers,
                             .max_buffer_size = max_active_requests_per_client,
                             .max_borrowed = max_active_requests_per_client,
                             .history_size = 0,
                             .max_loaned = layout::sum(max_loaned_requests, max_active_requests_per_client),
                             .max_slice_len = max_slice_len},
                            request_block());
    }
    layout::Data response_data(std::uint64_t max_loaned_per_request, std::uint64_t max_slice_len = 1) const {
        const std::uint64_t lanes = layout::product(max_clients, max_active_requests_per_client);
        return layout::data({.max_receivers = lanes,
                             .max_buffer_size = max_response_buffer_size,
                             .max_borrowed = max_borrowed_responses_per_pending_response,
                             .history_size = 0,
                             .max_loaned = layout::product(lanes, max_loaned_per_request),
                             .max_slice_len = max_slice_len},
                            response_block());
    }
    layout::RequestConnection connection() const {
        return layout::request_connection({.active_requests = max_active_requests_per_client,
                                           .response_buffer = max_response_buffer_size,
                                           .borrowed_responses = max_borrowed_responses_per_pending_response},
                                          request_block().slot_size(), response_block().slot_size());
    }

    friend bool operator==(const RequestResponseSettings&, const RequestResponseSettings&) = default;
};

// What somebody who opens it wants: only what was set is compared. Numbers are minima, flags must be equal.
struct RequestResponseRequirements {
    std::optional<bool> request_overflow;
    std::optional<bool> response_overflow;
    std::optional<bool> fire_and_forget;
    std::optional<std::uint64_t> max_active_requests_per_client;
    std::optional<std::uint64_t> max_loaned_requests;
    std::optional<std::uint64_t> max_response_buffer_size;
    std::optional<std::uint64_t> max_borrowed_responses_per_pending_response;
    std::optional<std::uint64_t> max_clients;
    std::optional<std::uint64_t> max_servers;
    std::optional<std::uint64_t> max_nodes;
    std::optional<std::uint64_t> request_alignment;
    std::optional<std::uint64_t> response_alignment;
};

struct RequestResponseRequest {
    using Settings = RequestResponseSettings;
    static constexpr std::string_view key = Settings::key;

    Settings settings;  // types and schemas, and what a created service becomes
    RequestResponseRequirements requirements;
};

struct ClientSettings {
    using Service = RequestResponseSettings;
    static constexpr PortKind kind = PortKind::Client;
    static constexpr std::string_view key = "client";

    Backpressure backpressure = Backpressure::RetryUntilDelivered;
    std::optional<std::uint64_t> max_slice_len;  // elements of a request; 1 if not set. Where that is a slice
    std::optional<bool> huge_pages;              // as a publisher's
    std::optional<Allocation> allocation;        // likewise
};

struct ServerSettings {
    using Service = RequestResponseSettings;
    static constexpr PortKind kind = PortKind::Server;
    static constexpr std::string_view key = "server";

    std::uint64_t max_loaned_responses_per_request = 0;
    Backpressure backpressure = Backpressure::RetryUntilDelivered;
    std::optional<std::uint64_t> max_slice_len;  // elements of a response; likewise
    std::optional<bool> huge_pages;
    std::optional<Allocation> allocation;
};

// Requests from one client to one server, and responses back: the one connection whose halves both read the
// other's data segment. `sending` is the client's half.
struct RequestConnection {
    static constexpr std::string_view key = "request";

    std::uint64_t active_requests = 0;
    std::uint64_t response_buffer_size = 0;
    std::uint64_t borrowed_responses = 0;
};

}  // namespace ipc::wire
