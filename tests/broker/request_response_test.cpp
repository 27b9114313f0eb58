// SPDX-License-Identifier: Apache-2.0
// What the broker grants in request-response services, and what clients and servers are given of each other.
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "layout/counters.hpp"
#include "layout/limits.hpp"
#include "raw_client.hpp"
#include "refusal_check.hpp"
#include "shm/mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstring>
#include <functional>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace layout = ipc::layout;

namespace {

constexpr auto immense = ~std::uint64_t{0};

struct World {
    harness::BrokerProcess broker;
    RawClient creator{broker.socket()};
    RawClient other{broker.socket()};
    World() {
        creator.hello("creator");
        other.hello("other");
    }
    wire::Refused refused(const wire::ClientMessage& request) { return other.call<wire::Refused>(request); }
};

wire::RequestResponseRequest& asked(wire::OpenService& request) {
    return std::get<wire::RequestResponseRequest>(request.request);
}
const wire::RequestResponseSettings& settings_of(const wire::ServiceOpened& opened) {
    return std::get<wire::RequestResponseSettings>(opened.settings);
}

wire::CreatePort client(std::uint64_t service) {
    return {.service = service, .name = "c", .settings = wire::ClientSettings{}};
}
wire::CreatePort server(std::uint64_t service, std::uint64_t loans = 2) {
    return {.service = service,
            .name = "s",
            .settings = wire::ServerSettings{.max_loaned_responses_per_request = loans}};
}

// That this descriptor of a data segment is good for reading and nothing else, whoever holds it.
void check_is_read_only(const ipc::shm::UniqueFd& data, std::uint64_t size) {
    struct stat status {};
    REQUIRE(::fstat(data.get(), &status) == 0);
    CHECK(static_cast<std::uint64_t>(status.st_size) == size);
    CHECK((::fcntl(data.get(), F_GETFL) & O_ACCMODE) == O_RDONLY);
    CHECK((::fcntl(data.get(), F_GET_SEALS) & (F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)) ==
          (F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
    CHECK(::mmap(nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED, data.get(), 0) == MAP_FAILED);
}

}  // namespace

TEST_CASE("a request-response service is not opened as one of another pattern, nor the other way round") {
    World world;
    world.creator.call<wire::ServiceOpened>(open_requests("r"));
    world.creator.call<wire::ServiceOpened>(open_events("e"));
    using wire::Refusal;
    check(world.refused(open_service("r")), Refusal::IncompatibleMessagingPattern,
          {"\"r\"", "is a request-response service", "a publish-subscribe service was asked for"});
    check(world.refused(open_requests("e")), Refusal::IncompatibleMessagingPattern,
          {"\"e\"", "is an event service", "a request-response service was asked for"});
    check(world.refused(open_requests("none", wire::OpenMode::Open)), Refusal::DoesNotExist,
          {"no request-response service \"none\""});
    check(world.refused(open_requests("r", wire::OpenMode::Create)), Refusal::AlreadyExists, {"\"r\""});
}

TEST_CASE("who opens a request-response service is told what it is") {
    World world;
    const auto created = world.creator.call<wire::ServiceOpened>(open_requests("r"));
    auto modest = open_requests("r", wire::OpenMode::Open);
    asked(modest).settings.max_clients = 77;  // what was not asked for is not compared
    asked(modest).requirements.max_servers = 3;
    asked(modest).requirements.response_overflow = false;
    const auto opened = world.other.call<wire::ServiceOpened>(modest);
    CHECK_FALSE(opened.created);
    CHECK(opened.hash == created.hash);
    auto original = open_requests("r");
    CHECK(settings_of(opened) == asked(original).settings);
}

TEST_CASE("what a request-response service does not offer is refused with both sides") {
    World world;
    world.creator.call<wire::ServiceOpened>(open_requests("r"));
    using R = wire::RequestResponseRequest;
    using wire::Refusal;
    const auto lacks = [&](const std::function<void(R&)>& ask, Refusal code,
                           const std::vector<std::string>& parts) {
        auto request = open_requests("r", wire::OpenMode::Open);
        ask(asked(request));
        const auto answer = world.refused(request);
        check(answer, code, {"service \"r\"", "node \"creator\""});
        check(answer, code, parts);
    };
    const wire::TypeDetail other{.name = "i64", .size = 8, .alignment = 8};
    lacks([&](R& r) { r.settings.request = other; }, Refusal::IncompatibleRequestType,
          {"request type \"u64\"", "\"i64\""});
    lacks([&](R& r) { r.settings.request_header = other; }, Refusal::IncompatibleRequestType,
          {"request header none", "\"i64\""});
    lacks([&](R& r) { r.settings.response = other; }, Refusal::IncompatibleResponseType,
          {"response type \"u64\"", "\"i64\""});
    lacks([&](R& r) { r.settings.response_header = other; }, Refusal::IncompatibleResponseType,
          {"response header none", "\"i64\""});

    lacks([](R& r) { r.requirements.request_overflow = false; },
          Refusal::IncompatibleOverflowBehaviorForRequests,
          {"enable_safe_overflow_for_requests on", "off was asked for"});
    lacks([](R& r) { r.requirements.response_overflow = true; },
          Refusal::IncompatibleOverflowBehaviorForResponses,
          {"enable_safe_overflow_for_responses off", "on was asked for"});
    lacks([](R& r) { r.requirements.fire_and_forget = false; },
          Refusal::IncompatibleBehaviorForFireAndForgetRequests,
          {"enable_fire_and_forget_requests on", "off was asked for"});

    lacks([](R& r) { r.requirements.request_alignment = 16; }, Refusal::IncompatibleRequestType,
          {"request_payload_alignment 8", "16"});
    lacks([](R& r) { r.requirements.response_alignment = 32; }, Refusal::IncompatibleResponseType,
          {"response_payload_alignment 16", "32"});
    lacks([](R& r) { r.requirements.max_active_requests_per_client = 5; },
          Refusal::DoesNotSupportRequestedAmountOfActiveRequestsPerClient,
          {"max_active_requests_per_client 4", "5"});
    lacks([](R& r) { r.requirements.max_loaned_requests = 3; },
          Refusal::DoesNotSupportRequestedAmountOfClientRequestLoans, {"max_loaned_requests 2", "3"});
    lacks([](R& r) { r.requirements.max_response_buffer_size = 4; },
          Refusal::DoesNotSupportRequestedResponseBufferSize, {"max_response_buffer_size 3", "4"});
    lacks([](R& r) { r.requirements.max_borrowed_responses_per_pending_response = 6; },
          Refusal::DoesNotSupportRequestedAmountOfBorrowedResponsesPerPendingResponse,
          {"max_borrowed_responses_per_pending_response 5", "6"});
    lacks([](R& r) { r.requirements.max_clients = 3; }, Refusal::DoesNotSupportRequestedAmountOfClients,
          {"max_clients 2", "3"});
    lacks([](R& r) { r.requirements.max_servers = immense; }, Refusal::DoesNotSupportRequestedAmountOfServers,
          {"max_servers 3", "18446744073709551615"});
    lacks([](R& r) { r.requirements.max_nodes = 4; }, Refusal::DoesNotSupportRequestedAmountOfNodes,
          {"max_nodes 3", "4"});
}

TEST_CASE("settings that no request-response service can have") {
    World world;
    using S = wire::RequestResponseSettings;
    const auto invalid = [&](const std::function<void(S&)>& change, const std::vector<std::string>& parts) {
        auto request = open_requests("r", wire::OpenMode::Create);
        change(asked(request).settings);
        check(world.refused(request), wire::Refusal::InvalidSetting, parts);
    };
    invalid([](S& s) { s.request.name.clear(); }, {"request type has 0 bytes"});
    invalid([](S& s) { s.response.size = 0; }, {"response size is 0"});
    invalid([](S& s) { s.response.alignment = 3; }, {"response alignment is 3", "power of two"});
    invalid(
        [](S& s) {
            s.request.variant = wire::TypeVariant::Dynamic;
            s.request.size = 7;
        },
        {"request size is 7", "multiple"});
    invalid([](S& s) { s.request_header.alignment = 2; }, {"request header", "alignment 2"});
    invalid([](S& s) { s.response_header = {.name = "h", .size = 0, .alignment = 1}; },
            {"response header size is 0"});
    invalid([](S& s) { s.request_alignment = 4; }, {"request_payload_alignment is 4", "from 8 to 4096"});
    invalid([](S& s) { s.response_alignment = 8192; }, {"response_payload_alignment is 8192"});
    // A ticket for each request that waits and for each that is held has to fit 16 bits.
    invalid([](S& s) { s.max_active_requests_per_client = 32768; },
            {"max_active_requests_per_client is 32768", "1 to 32767"});
    invalid([](S& s) { s.max_active_requests_per_client = 0; }, {"max_active_requests_per_client is 0"});
    invalid([](S& s) { s.max_loaned_requests = 0; }, {"max_loaned_requests is 0"});
    invalid([](S& s) { s.max_loaned_requests = 65537; }, {"max_loaned_requests is 65537", "65536"});
    invalid([](S& s) { s.max_response_buffer_size = 32769; }, {"max_response_buffer_size is 32769"});
    invalid([](S& s) { s.max_response_buffer_size = 0; }, {"max_response_buffer_size is 0"});
    invalid([](S& s) { s.max_borrowed_responses_per_pending_response = 32768; },
            {"max_borrowed_responses_per_pending_response is 32768"});
    invalid([](S& s) { s.max_borrowed_responses_per_pending_response = 0; },
            {"max_borrowed_responses_per_pending_response is 0"});
    invalid([](S& s) { s.max_clients = 0; }, {"max_clients is 0"});
    invalid([](S& s) { s.max_servers = immense; }, {"max_servers is 18446744073709551615"});
    invalid([](S& s) { s.max_nodes = 0; }, {"max_nodes is 0"});
    invalid([](S& s) { s.request.size = layout::max_segment_size; },
            {"a client would need 30 chunks", "lower max_servers"});
    invalid([](S& s) { s.response.size = layout::max_segment_size / 64; },
            {"a server would need 72 chunks", "lower max_clients"});
    invalid(
        [](S& s) {
            s.max_clients = layout::max_ports_per_service;
            s.max_active_requests_per_client = layout::max_borrowed_samples;
            s.max_response_buffer_size = layout::max_buffer_size;
            s.max_borrowed_responses_per_pending_response = layout::max_borrowed_samples;
        },
        {"a server would need"});
    CHECK(world.other.query("services")["services"].empty());
}

TEST_CASE("a request-response service takes as many ports as it says") {
    World world;
    const auto asking = world.other.call<wire::ServiceOpened>(open_requests("asking")).service;
    for (int i = 0; i < 2; ++i) world.other.call<wire::PortCreated>(client(asking));
    check(world.refused(client(asking)), wire::Refusal::ExceedsMaxSupportedClients,
          {"2 clients", "max_clients is 2"});
    const auto answering = world.other.call<wire::ServiceOpened>(open_requests("answering")).service;
    for (int i = 0; i < 3; ++i) world.other.call<wire::PortCreated>(server(answering));
    check(world.refused(server(answering)), wire::Refusal::ExceedsMaxSupportedServers,
          {"3 servers", "max_servers is 3"});
}

TEST_CASE("a server loans as much as there can be room for") {
    World world;
    auto large = open_requests("r");
    asked(large).settings.response.size = layout::max_segment_size / 128;
    const auto service = world.other.call<wire::ServiceOpened>(large).service;
    check(world.refused(server(service, 0)), wire::Refusal::InvalidSetting,
          {"max_loaned_responses_per_request is 0", "1 to 65536"});
    check(world.refused(server(service, 65537)), wire::Refusal::InvalidSetting,
          {"max_loaned_responses_per_request is 65537"});
    // For each request that a client may have under way.
    check(world.refused(server(service, 8)), wire::Refusal::InvalidSetting,
          {"a server would need 128 chunks", "loans"});
}

TEST_CASE("a client and a server each read what the other one writes") {
    World world;
    const auto opened = world.creator.call<wire::ServiceOpened>(open_requests("r"));
    world.other.call<wire::ServiceOpened>(open_requests("r"));
    const auto asking = add_port(world.creator, client(opened.service));
    CHECK(asking.created.data_size == settings_of(opened).request_data().size);
    const auto answering = add_port(world.other, server(opened.service));
    CHECK(answering.created.data_size == settings_of(opened).response_data(2).size);

    REQUIRE(answering.offers.size() == 1);
    const auto& [to_server, for_server] = answering.offers.front();
    const auto to_client = world.creator.expect<wire::ConnectionOffered>();
    const auto& for_client = world.creator.last_descriptors;
    CHECK(to_client.connection == to_server.connection);
    CHECK(to_client.sending);
    CHECK_FALSE(to_server.sending);
    CHECK(to_client.peer_is_new);
    CHECK_FALSE(to_server.peer_is_new);
    for (const auto& half : {to_client, to_server}) {
        const auto& connection = std::get<wire::RequestConnection>(half.settings);
        CHECK(connection.active_requests == 4);
        CHECK(connection.response_buffer_size == 3);
        CHECK(connection.borrowed_responses == 5);
    }
    CHECK(to_client.data_sizes == std::vector{answering.created.data_size});
    CHECK(to_server.data_sizes == std::vector{asking.created.data_size});
    REQUIRE(for_client.size() == 3);
    REQUIRE(for_server.size() == 3);
    check_is_read_only(for_client[2], answering.created.data_size);
    check_is_read_only(for_server[2], asking.created.data_size);
    struct stat segment {};
    REQUIRE(::fstat(for_client[0].get(), &segment) == 0);
    CHECK(segment.st_size == static_cast<off_t>(settings_of(opened).connection().size));

    world.creator.tell(wire::ConnectionMapped{.connection = to_client.connection});
    world.other.tell(wire::ConnectionMapped{.connection = to_client.connection});
    CHECK(world.other.expect<wire::ConnectionReady>().port == answering.created.port);
    CHECK(world.creator.expect<wire::ConnectionReady>().port == asking.created.port);
}

TEST_CASE("neither a client nor a server gets anything of the other that has not mapped its data") {
    World world;
    const auto service = world.creator.call<wire::ServiceOpened>(open_requests("r")).service;
    world.other.call<wire::ServiceOpened>(open_requests("r"));
    const auto asking = world.creator.call<wire::PortCreated>(client(service));
    const auto answering = world.other.call<wire::PortCreated>(server(service));
    REQUIRE(answering.connections.size() == 1);
    const auto is_quiet = [](RawClient& session) {
        // A question's answer comes next, so nothing was offered before.
        return !session.query("status").empty();
    };
    CHECK(is_quiet(world.creator));
    CHECK(is_quiet(world.other));
    SECTION("the client first") {
        world.creator.tell(wire::DataMapped{.port = asking.port});
        CHECK(world.other.expect<wire::ConnectionOffered>().port == answering.port);
        CHECK(is_quiet(world.creator));
        world.other.tell(wire::DataMapped{.port = answering.port});
        CHECK(world.creator.expect<wire::ConnectionOffered>().port == asking.port);
    }
    SECTION("the server first") {
        world.other.tell(wire::DataMapped{.port = answering.port});
        CHECK(world.creator.expect<wire::ConnectionOffered>().port == asking.port);
        CHECK(is_quiet(world.other));
        world.creator.tell(wire::DataMapped{.port = asking.port});
        CHECK(world.other.expect<wire::ConnectionOffered>().port == answering.port);
    }
    SECTION("neither, and one of them is gone") {
        world.creator.hang_up();
        CHECK(world.other.expect<wire::ConnectionRemoved>().port == answering.port);
        CHECK(world.other.query("status")["totals"]["connections"] == 0);
    }
}

TEST_CASE("a client and a server of one node are connected like any others") {
    World world;
    const auto service = world.creator.call<wire::ServiceOpened>(open_requests("own")).service;
    const auto answering = add_port(world.creator, server(service));
    const auto asking = add_port(world.creator, client(service));
    // Its own half's offer, which was there at once, and the server's, once the client had mapped.
    REQUIRE(asking.offers.size() == 1);
    CHECK(world.creator.expect<wire::ConnectionOffered>().port == answering.created.port);
    const auto connection = asking.created.connections.at(0);
    world.creator.tell(wire::ConnectionMapped{.connection = connection});
    world.creator.tell(wire::ConnectionMapped{.connection = connection});
    CHECK(world.creator.expect<wire::ConnectionReady>().port == asking.created.port);
    CHECK(world.creator.expect<wire::ConnectionReady>().port == answering.created.port);
    world.creator.tell(wire::DropPort{.port = asking.created.port});
    CHECK(world.creator.expect<wire::ConnectionRemoved>().port == answering.created.port);
}

TEST_CASE("status shows clients, servers, and the requests that are under way") {
    World world;
    RawClient counting{world.broker.socket()};
    counting.hello("counting");
    const ipc::shm::MemoryFile file{std::move(counting.last_descriptors.at(0))};
    const auto counters = *ipc::shm::Mapping::map(file, layout::Counters::size, ipc::shm::Access::ReadWrite);
    counting.tell(wire::CountersMapped{});
    const auto claim = [&](std::uint32_t record, std::string_view name, const auto& names,
                           std::uint64_t value) {
        const auto word =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
        std::memcpy(counters.data() + record * layout::Counters::record_size + word * sizeof value, &value,
                    sizeof value);
    };
    auto request = open_requests("r");
    asked(request).settings.response_header = {.name = "Stamp", .size = 4, .alignment = 4};
    const auto service = counting.call<wire::ServiceOpened>(request).service;
    const auto answering = add_port(counting, server(service)).created;
    const auto asking = add_port(counting, client(service)).created;
    claim(asking.record, "sent", layout::client_counters, 9);
    claim(asking.record, "received", layout::client_counters, 5);
    claim(asking.record, "active", layout::client_counters, 4);
    claim(answering.record, "received", layout::server_counters, 7);
    claim(answering.record, "returned", layout::server_counters, 6);
    claim(answering.record, "ended", layout::server_counters, 2);

    const auto list = world.other.query("services")["services"];
    REQUIRE(list.size() == 1);
    CHECK(list[0]["pattern"] == "request_response");
    CHECK(list[0]["clients"] == 1);
    CHECK(list[0]["servers"] == 1);
    CHECK(list[0]["request"]["name"] == "u64");
    CHECK(list[0]["response"]["size"] == 8);
    CHECK_FALSE(list[0].contains("publishers"));

    const auto shown = world.other.query("service", "r")["services"][0];
    CHECK(shown["active_requests"] == 4);
    CHECK(shown["settings"]["max_active_requests_per_client"] == 4);
    CHECK(shown["settings"]["response_overflow"] == false);
    CHECK(shown["settings"]["request_header"].is_null());
    CHECK(shown["settings"]["response_header"]["name"] == "Stamp");
    REQUIRE(shown["ports"].size() == 2);
    const auto& of_server = shown["ports"][0];
    const auto& of_client = shown["ports"][1];
    CHECK(of_server["kind"] == "server");
    CHECK(of_server["settings"]["max_loaned_responses_per_request"] == 2);
    CHECK(of_server["counters"]["active"] == 1);
    CHECK(of_server["counters"]["ended"] == 2);
    CHECK(of_server["connections"][0]["buffer_size"] == 4);
    CHECK(of_client["kind"] == "client");
    CHECK(of_client["settings"]["backpressure"] == "retry_until_delivered");
    CHECK(of_client["counters"]["active"] == 4);
    CHECK(of_client["counters"]["bytes"] == (9 + 5) * 8);
    CHECK(of_client["data_size"] == asking.data_size);
}
