// SPDX-License-Identifier: Apache-2.0
// What a request-response service is, who may open it as what, and what is said where that does not fit.
#include "catch.hpp"
#include "service_world.hpp"

namespace {

struct Asked {
    std::uint32_t a;
};
struct Answered {
    std::uint16_t b;
};

auto everything_set(const ipc::Node& node) {
    auto builder = node.service_builder("R")
                       .request_response<std::uint64_t, std::uint32_t>()
                       .request_user_header<Asked>()
                       .response_user_header<Answered>();
    return builder.enable_safe_overflow_for_requests(false)
        .enable_safe_overflow_for_responses(false)
        .enable_fire_and_forget_requests(false)
        .max_active_requests_per_client(3)
        .max_loaned_requests(4)
        .max_response_buffer_size(5)
        .max_borrowed_responses_per_pending_response(6)
        .max_clients(7)
        .max_servers(8)
        .max_nodes(9)
        .request_payload_alignment(16)
        .response_payload_alignment(32);
}

void check_everything_set(const ipc::RequestResponseStaticConfig& config) {
    CHECK(config.request == ipc::type_detail<std::uint64_t>());
    CHECK(config.request_user_header == ipc::type_detail<Asked>());
    CHECK(config.response == ipc::type_detail<std::uint32_t>());
    CHECK(config.response_user_header == ipc::type_detail<Answered>());
    CHECK_FALSE(config.enable_safe_overflow_for_requests);
    CHECK_FALSE(config.enable_safe_overflow_for_responses);
    CHECK_FALSE(config.enable_fire_and_forget_requests);
    CHECK(config.max_active_requests_per_client == 3);
    CHECK(config.max_loaned_requests == 4);
    CHECK(config.max_response_buffer_size == 5);
    CHECK(config.max_borrowed_responses_per_pending_response == 6);
    CHECK(config.max_clients == 7);
    CHECK(config.max_servers == 8);
    CHECK(config.max_nodes == 9);
    CHECK(config.request_payload_alignment == 16);
    CHECK(config.response_payload_alignment == 32);
}

template <class Opened, class Code>
void refused(const Opened& opened, Code code, const std::vector<std::string>& parts) {
    REQUIRE_FALSE(opened.has_value());
    INFO(opened.error());
    CHECK(opened.error() == code);
    CHECK(mentions(opened.error().message(), parts));
}

}  // namespace

TEST_CASE("a request-response service is what its creator said, seen from inside and from outside") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto created = everything_set(node).create().value();
    CHECK(created.was_created());
    CHECK(created.name() == "R");
    const auto opened = everything_set(node).open().value();
    CHECK_FALSE(opened.was_created());
    CHECK(opened.service_hash() == created.service_hash());
    check_everything_set(created.static_config());
    check_everything_set(opened.static_config());
    CHECK(opened.dynamic_config().value().nodes.size() == 1);
    CHECK(opened.dynamic_config().value().clients.empty());

    const auto details = ipc::Service::details("R", on(broker)).value();
    REQUIRE(details);
    CHECK(details->summary.pattern == "request_response");
    CHECK(details->summary.request == ipc::type_detail<std::uint64_t>());
    CHECK(details->summary.response == ipc::type_detail<std::uint32_t>());
    CHECK(details->summary.clients == 0);
    CHECK(details->summary.servers == 0);
    CHECK(details->summary.hash == created.service_hash());
    check_everything_set(std::get<ipc::RequestResponseStaticConfig>(details->static_config));
    CHECK(std::get<ipc::RequestResponseDynamicConfig>(details->dynamic_config).nodes.size() == 1);
}

TEST_CASE("and the defaults for the rest of a request-response service") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto config = node.service_builder("R")
                            .request_response<std::uint64_t, std::uint32_t>()
                            .open_or_create()
                            .value()
                            .static_config();
    CHECK(config.request_user_header.name.empty());
    CHECK(config.response_user_header.name.empty());
    CHECK(config.enable_safe_overflow_for_requests);
    CHECK(config.enable_safe_overflow_for_responses);
    CHECK(config.enable_fire_and_forget_requests);
    CHECK(config.max_active_requests_per_client == 4);
    CHECK(config.max_loaned_requests == 2);
    CHECK(config.max_response_buffer_size == 2);
    CHECK(config.max_borrowed_responses_per_pending_response == 4);
    CHECK(config.max_clients == 8);
    CHECK(config.max_servers == 2);
    CHECK(config.max_nodes == 20);
    CHECK(config.request_payload_alignment == 8);
    CHECK(config.response_payload_alignment == 4);
}

TEST_CASE("create, open and open_or_create of a request-response service") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "the-creator");
    const auto builder = node.service_builder("R").request_response<int, int>();
    refused(builder.open(), ipc::RequestResponseOpenError::DoesNotExist,
            {"no request-response service \"R\""});
    {
        const auto service = builder.create().value();
        refused(builder.create(), ipc::RequestResponseCreateError::AlreadyExists, {"\"R\"", "the-creator"});
        CHECK(builder.open());
        CHECK(builder.open_or_create());
    }
    CHECK_FALSE(builder.open());
}

TEST_CASE("opening a request-response service compares what was set, and says both sides") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto service = everything_set(node).create().value();
    using E = ipc::RequestResponseOpenError;
    const auto builder = [&] {
        return node.service_builder("R")
            .request_response<std::uint64_t, std::uint32_t>()
            .request_user_header<Asked>()
            .response_user_header<Answered>();
    };
    refused(node.service_builder("R")
                .request_response<std::int64_t, std::uint32_t>()
                .request_user_header<Asked>()
                .response_user_header<Answered>()
                .open(),
            E::IncompatibleRequestType, {"u64", "i64"});
    refused(node.service_builder("R").request_response<std::uint64_t, std::uint32_t>().open(),
            E::IncompatibleRequestType, {"request header", "Asked", "none"});
    refused(builder().request_payload_alignment(32).open(), E::IncompatibleRequestType, {"16", "32"});
    refused(node.service_builder("R")
                .request_response<std::uint64_t, float>()
                .request_user_header<Asked>()
                .response_user_header<Answered>()
                .open(),
            E::IncompatibleResponseType, {"u32", "f32"});
    refused(builder().response_user_header<Asked>().open(), E::IncompatibleResponseType,
            {"response header", "Answered", "Asked"});
    refused(builder().response_payload_alignment(64).open(), E::IncompatibleResponseType, {"32", "64"});
    refused(builder().enable_safe_overflow_for_requests(true).open(),
            E::IncompatibleOverflowBehaviorForRequests, {"requests off", "on was asked for"});
    refused(builder().enable_safe_overflow_for_responses(true).open(),
            E::IncompatibleOverflowBehaviorForResponses, {"responses off", "on was asked for"});
    refused(builder().enable_fire_and_forget_requests(true).open(),
            E::IncompatibleBehaviorForFireAndForgetRequests, {"off", "on was asked for"});
    refused(builder().max_active_requests_per_client(4).open(),
            E::DoesNotSupportRequestedAmountOfActiveRequestsPerClient, {"3", "4"});
    refused(builder().max_loaned_requests(5).open(), E::DoesNotSupportRequestedAmountOfClientRequestLoans,
            {"4", "5"});
    refused(builder().max_response_buffer_size(6).open(), E::DoesNotSupportRequestedResponseBufferSize,
            {"5", "6"});
    refused(builder().max_borrowed_responses_per_pending_response(7).open(),
            E::DoesNotSupportRequestedAmountOfBorrowedResponsesPerPendingResponse, {"6", "7"});
    refused(builder().max_clients(8).open(), E::DoesNotSupportRequestedAmountOfClients, {"7", "8"});
    refused(builder().max_servers(9).open(), E::DoesNotSupportRequestedAmountOfServers, {"8", "9"});
    refused(builder().max_nodes(10).open(), E::DoesNotSupportRequestedAmountOfNodes, {"9", "10"});
    refused(builder().max_servers(9).open_or_create(),
            ipc::RequestResponseOpenOrCreateError::DoesNotSupportRequestedAmountOfServers, {"8", "9"});
    CHECK(everything_set(node).open());
    CHECK(builder()
              .max_active_requests_per_client(1)
              .max_loaned_requests(1)
              .max_response_buffer_size(1)
              .max_borrowed_responses_per_pending_response(1)
              .max_clients(1)
              .max_servers(1)
              .max_nodes(1)
              .request_payload_alignment(8)
              .response_payload_alignment(4)
              .open());
}

TEST_CASE("a setting of a request-response service out of its range is refused with its name") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto builder = [&] { return node.service_builder("R").request_response<std::uint64_t, int>(); };
    using E = ipc::RequestResponseCreateError;
    const auto invalid = [](const auto& created, const std::vector<std::string>& parts) {
        refused(created, E::InvalidSetting, parts);
    };
    invalid(builder().max_active_requests_per_client(32768).create(),
            {"max_active_requests_per_client is 32768", "1 to 32767"});
    invalid(builder().max_loaned_requests(0).create(), {"max_loaned_requests is 0", "65536"});
    invalid(builder().max_response_buffer_size(32769).create(), {"max_response_buffer_size", "32768"});
    invalid(builder().max_borrowed_responses_per_pending_response(32768).create(),
            {"max_borrowed_responses_per_pending_response", "32767"});
    invalid(builder().max_clients(65537).create(), {"max_clients", "65536"});
    invalid(builder().max_servers(0).create(), {"max_servers is 0"});
    invalid(builder().max_nodes(0).create(), {"max_nodes is 0"});
    invalid(builder().request_payload_alignment(4).create(), {"request_payload_alignment is 4", "from 8"});
    invalid(builder().response_payload_alignment(12).create(), {"response_payload_alignment is 12"});
    refused(node.service_builder("").request_response<int, int>().create(), E::InvalidName, {"1 to 255"});
}

TEST_CASE("a request-response service takes as many clients and servers as it says, and shows who they are") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "home");
    const auto service =
        node.service_builder("R").request_response<int, int>().max_clients(2).max_servers(1).create().value();
    const auto ada = service.client_builder().name("ada").create().value();
    const auto bob = service.client_builder().create().value();
    refused(service.client_builder().create(), ipc::ClientCreateError::ExceedsMaxSupportedClients,
            {"2 clients", "max_clients is 2"});
    const auto oracle = service.server_builder().name("oracle").create().value();
    refused(service.server_builder().create(), ipc::ServerCreateError::ExceedsMaxSupportedServers,
            {"1 servers", "max_servers is 1"});

    const auto dynamic = service.dynamic_config().value();
    REQUIRE(dynamic.clients.size() == 2);
    CHECK(dynamic.clients[0].id == ada.id());
    CHECK(dynamic.clients[0].name == "ada");
    CHECK(dynamic.clients[0].node == node.id());
    CHECK(dynamic.clients[1].id == bob.id());
    REQUIRE(dynamic.servers.size() == 1);
    CHECK(dynamic.servers[0].id == oracle.id());
    CHECK(dynamic.servers[0].name == "oracle");
    const auto summary = ipc::Service::details("R", on(broker)).value()->summary;
    CHECK(summary.clients == 2);
    CHECK(summary.servers == 1);
}

TEST_CASE("a client or a server that cannot be is refused with what is wrong") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto service = node.service_builder("R").request_response<int, int>().create().value();
    const std::string too_long(129, 'n');
    refused(service.client_builder().name(too_long).create(), ipc::ClientCreateError::InvalidName,
            {"129 bytes", "128"});
    refused(service.server_builder().name(too_long).create(), ipc::ServerCreateError::InvalidName,
            {"129 bytes", "128"});
    for (const std::uint64_t count : {0U, 65537U})
        refused(service.server_builder().max_loaned_responses_per_request(count).create(),
                ipc::ServerCreateError::InvalidSetting,
                {"max_loaned_responses_per_request is " + std::to_string(count), "1 to 65536"});
    CHECK(service.server_builder().max_loaned_responses_per_request(65536).create());
}

TEST_CASE("requests are no samples and no events") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto samples = node.service_builder("S").publish_subscribe<int>().create().value();
    const auto requests = node.service_builder("R").request_response<int, int>().create().value();
    refused(node.service_builder("S").request_response<int, int>().open(),
            ipc::RequestResponseOpenError::IncompatibleMessagingPattern,
            {"a publish-subscribe service", "a request-response service was asked for"});
    refused(node.service_builder("R").event().open(), ipc::EventOpenError::IncompatibleMessagingPattern,
            {"a request-response service", "an event"});
}

TEST_CASE("as many nodes open a request-response service as it says") {
    const harness::BrokerProcess broker;
    const auto first = node_on(broker);
    const auto second = node_on(broker);
    const auto service =
        first.service_builder("R").request_response<int, int>().max_nodes(1).create().value();
    refused(second.service_builder("R").request_response<int, int>().open(),
            ipc::RequestResponseOpenError::ExceedsMaxNumberOfNodes, {"max_nodes is 1"});
}
