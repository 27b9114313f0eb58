// SPDX-License-Identifier: Apache-2.0
#include "rules/request_response.hpp"

#include "layout/limits.hpp"
#include "rules/data_segment.hpp"
#include "rules/range.hpp"
#include "rules/requirements.hpp"
#include "rules/schemas.hpp"
#include "rules/types.hpp"

#include <array>
#include <cstdint>

namespace roudi {

namespace layout = ipc::layout;

namespace {

using Offered = wire::RequestResponseSettings;
using Asked = wire::RequestResponseRequirements;
using wire::Refusal;

constexpr std::array minima{
    Minimum<Offered, Asked>{"request_payload_alignment", &Offered::request_alignment,
                            &Asked::request_alignment, Refusal::IncompatibleRequestType},
    Minimum<Offered, Asked>{"response_payload_alignment", &Offered::response_alignment,
                            &Asked::response_alignment, Refusal::IncompatibleResponseType},
    Minimum<Offered, Asked>{"max_active_requests_per_client", &Offered::max_active_requests_per_client,
                            &Asked::max_active_requests_per_client,
                            Refusal::DoesNotSupportRequestedAmountOfActiveRequestsPerClient},
    Minimum<Offered, Asked>{"max_loaned_requests", &Offered::max_loaned_requests, &Asked::max_loaned_requests,
                            Refusal::DoesNotSupportRequestedAmountOfClientRequestLoans},
    Minimum<Offered, Asked>{"max_response_buffer_size", &Offered::max_response_buffer_size,
                            &Asked::max_response_buffer_size,
                            Refusal::DoesNotSupportRequestedResponseBufferSize},
    Minimum<Offered, Asked>{"max_borrowed_responses_per_pending_response",
                            &Offered::max_borrowed_responses_per_pending_response,
                            &Asked::max_borrowed_responses_per_pending_response,
                            Refusal::DoesNotSupportRequestedAmountOfBorrowedResponsesPerPendingResponse},
    Minimum<Offered, Asked>{"max_clients", &Offered::max_clients, &Asked::max_clients,
                            Refusal::DoesNotSupportRequestedAmountOfClients},
    Minimum<Offered, Asked>{"max_servers", &Offered::max_servers, &Asked::max_servers,
                            Refusal::DoesNotSupportRequestedAmountOfServers},
    Minimum<Offered, Asked>{"max_nodes", &Offered::max_nodes, &Asked::max_nodes,
                            Refusal::DoesNotSupportRequestedAmountOfNodes},
};

constexpr std::array flags{
    Flag<Offered, Asked>{"enable_safe_overflow_for_requests", &Offered::request_overflow,
                         &Asked::request_overflow, Refusal::IncompatibleOverflowBehaviorForRequests},
    Flag<Offered, Asked>{"enable_safe_overflow_for_responses", &Offered::response_overflow,
                         &Asked::response_overflow, Refusal::IncompatibleOverflowBehaviorForResponses},
    Flag<Offered, Asked>{"enable_fire_and_forget_requests", &Offered::fire_and_forget,
                         &Asked::fire_and_forget, Refusal::IncompatibleBehaviorForFireAndForgetRequests},
};

// A request that waits and one that is held have a ticket each, of which there are no more than for a
// buffer and its borrows of this length.
constexpr std::uint64_t max_active_requests = layout::max_borrowed_samples;

// So only data segments can be too large.
static_assert(layout::request_connection({.active_requests = max_active_requests,
                                          .response_buffer = layout::max_buffer_size,
                                          .borrowed_responses = layout::max_borrowed_samples},
                                         2 * layout::cache_line, 2 * layout::cache_line)
                  .size <= layout::max_segment_size);

Granted<std::uint64_t> client_segment_size(const Offered& settings, std::uint64_t max_slice_len) {
    return data_segment_size(settings.request_data(max_slice_len), "a client",
                             "max_servers, active requests, request loans or the length of slices");
}

Granted<std::uint64_t> server_segment_size(const Offered& settings, std::uint64_t max_loaned_per_request,
                                           std::uint64_t max_slice_len) {
    auto in_range = check_range({.name = "max_loaned_responses_per_request",
                                 .value = max_loaned_per_request,
                                 .lowest = 1,
                                 .highest = layout::max_loaned_samples});
    if (!in_range) return tl::unexpected{std::move(in_range.error())};
    return data_segment_size(
        settings.response_data(max_loaned_per_request, max_slice_len), "a server",
        "max_clients, active requests, response buffer, borrows, loans or the length of slices");
}

Granted<void> check_types(const Offered& s) {
    if (auto fine = check_type("request", s.request); !fine) return fine;
    if (auto fine = check_header("request header", s.request_header); !fine) return fine;
    if (auto fine = check_type("response", s.response); !fine) return fine;
    if (auto fine = check_header("response header", s.response_header); !fine) return fine;
    if (auto fine = check_schema("request schema", s.request_schema); !fine) return fine;
    if (auto fine = check_schema("response schema", s.response_schema); !fine) return fine;
    if (auto fine = check_alignment("request_payload_alignment", s.request_alignment, s.request.alignment);
        !fine)
        return fine;
    return check_alignment("response_payload_alignment", s.response_alignment, s.response.alignment);
}

}  // namespace

Granted<void> check_settings(const Offered& s) {
    if (auto fine = check_types(s); !fine) return fine;
    const std::array ranges{
        Range{"max_active_requests_per_client", s.max_active_requests_per_client, 1, max_active_requests},
        Range{"max_loaned_requests", s.max_loaned_requests, 1, layout::max_loaned_samples},
        Range{"max_response_buffer_size", s.max_response_buffer_size, 1, layout::max_buffer_size},
        Range{"max_borrowed_responses_per_pending_response", s.max_borrowed_responses_per_pending_response, 1,
              layout::max_borrowed_samples},
        Range{"max_clients", s.max_clients, 1, layout::max_ports_per_service},
        Range{"max_servers", s.max_servers, 1, layout::max_ports_per_service},
        Range{"max_nodes", s.max_nodes, 1, layout::max_ports_per_service},
    };
    if (auto fine = check_ranges(ranges); !fine) return fine;
    // Every client and the smallest server must fit.
    if (auto size = client_segment_size(s, 1); !size) return tl::unexpected{std::move(size.error())};
    if (auto size = server_segment_size(s, 1, 1); !size) return tl::unexpected{std::move(size.error())};
    return {};
}

Granted<void> check_requirements(const Service& service, const Offered& has,
                                 const wire::RequestResponseRequest& asked) {
    const Offered& wanted = asked.settings;
    for (const ComparedTypes& types :
         {ComparedTypes{"request type", has.request, wanted.request, Refusal::IncompatibleRequestType},
          ComparedTypes{"request header", has.request_header, wanted.request_header,
                        Refusal::IncompatibleRequestType},
          ComparedTypes{"response type", has.response, wanted.response, Refusal::IncompatibleResponseType},
          ComparedTypes{"response header", has.response_header, wanted.response_header,
                        Refusal::IncompatibleResponseType}})
        if (auto fine = compare_types(service, types); !fine) return fine;
    for (const ComparedSchemas& schemas :
         {ComparedSchemas{"request schema", has.request_schema, wanted.request_schema,
                          Refusal::IncompatibleRequestSchema},
          ComparedSchemas{"response schema", has.response_schema, wanted.response_schema,
                          Refusal::IncompatibleResponseSchema}})
        if (auto fine = compare_schemas(service, schemas); !fine) return fine;
    if (auto fine = compare_all(flags, service, has, asked.requirements); !fine) return fine;
    return compare_all(minima, service, has, asked.requirements);
}

Granted<GrantedPort> grant_port(const Service& /*service*/, const Offered& settings,
                                const wire::ClientSettings& asked) {
    auto max_slice_len = check_slice_len("initial_max_slice_len", settings.request, asked.max_slice_len);
    if (!max_slice_len) return tl::unexpected{std::move(max_slice_len.error())};
    auto size = client_segment_size(settings, *max_slice_len);
    if (!size) return tl::unexpected{std::move(size.error())};
    if (auto fine = check_growth(settings.request_data(*max_slice_len), asked.allocation, settings.request);
        !fine)
        return tl::unexpected{std::move(fine.error())};
    return granted_with_data(asked, *size);
}

Granted<GrantedPort> grant_port(const Service& /*service*/, const Offered& settings,
                                const wire::ServerSettings& asked) {
    auto max_slice_len = check_slice_len("initial_max_slice_len", settings.response, asked.max_slice_len);
    if (!max_slice_len) return tl::unexpected{std::move(max_slice_len.error())};
    auto size = server_segment_size(settings, asked.max_loaned_responses_per_request, *max_slice_len);
    if (!size) return tl::unexpected{std::move(size.error())};
    if (auto fine =
            check_growth(settings.response_data(asked.max_loaned_responses_per_request, *max_slice_len),
                         asked.allocation, settings.response);
        !fine)
        return tl::unexpected{std::move(fine.error())};
    return granted_with_data(asked, *size);
}

ConnectionPlan plan_requests(const Port& client, const Port& /*server*/) {
    const auto& settings = std::get<Offered>(client.service->settings);
    return {.settings = wire::RequestConnection{.active_requests = settings.max_active_requests_per_client,
                                                .response_buffer_size = settings.max_response_buffer_size,
                                                .borrowed_responses =
                                                    settings.max_borrowed_responses_per_pending_response},
            .segment_size = settings.connection().size};
}

}  // namespace roudi
