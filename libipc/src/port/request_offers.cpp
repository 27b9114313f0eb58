// SPDX-License-Identifier: Apache-2.0
#include "port/request_offers.hpp"

namespace ipc::port {

std::optional<std::string> why_unfit_for(const wire::ConnectionOffered& offered,
                                         const wire::RequestResponseSettings& settings) {
    const auto* given = std::get_if<wire::RequestConnection>(&offered.settings);
    if (given == nullptr) return "the connection that the broker offers is none of requests";
    if (given->active_requests == settings.max_active_requests_per_client &&
        given->response_buffer_size == settings.max_response_buffer_size &&
        given->borrowed_responses == settings.max_borrowed_responses_per_pending_response)
        return std::nullopt;
    return "the connection that the broker offers has " + std::to_string(given->active_requests) +
           " lanes with a buffer of " + std::to_string(given->response_buffer_size) + ", the service has " +
           std::to_string(settings.max_active_requests_per_client) + " with a buffer of " +
           std::to_string(settings.max_response_buffer_size);
}

}  // namespace ipc::port
