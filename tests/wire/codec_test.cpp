// SPDX-License-Identifier: Apache-2.0
#include "wire/codec.hpp"

#include "catch.hpp"
#include "layout/limits.hpp"

#include <string>

using namespace ipc::wire;
namespace layout = ipc::layout;

namespace {

Frame text(std::string json) {
    return {.text = std::move(json), .descriptors = {}};
}

std::string reason(const char* json) {
    auto decoded = decode_client(text(json));
    REQUIRE_FALSE(decoded);
    return decoded.error().reason;
}

}  // namespace

TEST_CASE("a message survives the way") {
    PublishSubscribeRequest asked;
    asked.settings.payload = {.name = "u64", .size = 8, .alignment = 8, .variant = TypeVariant::Dynamic};
    asked.settings.history_size = ~std::uint64_t{0};
    asked.settings.payload_schema = Schema{.format = "idl", .text = "a {\n\t\"b\";\n}"};
    asked.requirements.timestamps = false;
    const OpenService sent{
        .name = "Grüße/Bild",
        .mode = OpenMode::Open,
        .request = asked,
        .attributes = AskedAttributes{.attributes = {{.key = "k", .value = ""}}, .keys = {"l"}}};

    auto received = decode_client(encode(ClientMessage{sent}, 17));
    REQUIRE(received);
    CHECK(received->request == 17);
    const auto& message = std::get<OpenService>(received->message);
    CHECK(message.name == sent.name);
    CHECK(message.mode == OpenMode::Open);
    const auto& heard = std::get<PublishSubscribeRequest>(message.request);
    CHECK(heard.settings == asked.settings);
    CHECK(heard.requirements.timestamps == false);
    CHECK_FALSE(heard.requirements.safe_overflow);
    REQUIRE(message.attributes);
    CHECK(message.attributes->attributes == sent.attributes->attributes);
    CHECK(message.attributes->keys == sent.attributes->keys);
}

TEST_CASE("what is not asked for, what must be absent and what must be a number are three things") {
    EventRequest asked;
    asked.settings.notifier_dead_event = 7;
    asked.requirements.deadline_ns.emplace(std::nullopt);
    asked.requirements.notifier_dead_event = 7;
    auto received = decode_client(encode(ClientMessage{OpenService{.name = "e", .request = asked}}, 1));
    REQUIRE(received);
    const auto& heard = std::get<EventRequest>(std::get<OpenService>(received->message).request);
    CHECK(heard.settings == asked.settings);
    CHECK(heard.requirements.deadline_ns == EventRequirements::Exactly{std::in_place, std::nullopt});
    CHECK(heard.requirements.notifier_dead_event == EventRequirements::Exactly{7});
    CHECK_FALSE(heard.requirements.notifier_created_event.has_value());
}

TEST_CASE("what a request-response service is, and what is asked of one, survives the way") {
    RequestResponseRequest asked;
    asked.settings = {.request = {.name = "Terms", .size = 16, .alignment = 8},
                      .request_header = {},
                      .response = {.name = "u64", .size = 8, .alignment = 8},
                      .response_header = {.name = "Stamp", .size = 4, .alignment = 4},
                      .request_overflow = false,
                      .response_overflow = true,
                      .fire_and_forget = false,
                      .max_active_requests_per_client = 1,
                      .max_loaned_requests = 2,
                      .max_response_buffer_size = 3,
                      .max_borrowed_responses_per_pending_response = 4,
                      .max_clients = 5,
                      .max_servers = 6,
                      .max_nodes = 7,
                      .request_alignment = 64,
                      .response_alignment = 128};
    asked.requirements.fire_and_forget = true;
    asked.requirements.max_servers = 9;
    auto received = decode_client(encode(ClientMessage{OpenService{.name = "r", .request = asked}}, 1));
    REQUIRE(received);
    const auto& heard = std::get<RequestResponseRequest>(std::get<OpenService>(received->message).request);
    CHECK(heard.settings == asked.settings);
    CHECK(heard.requirements.fire_and_forget == true);
    CHECK(heard.requirements.max_servers == 9);
    CHECK_FALSE(heard.requirements.request_overflow);
    CHECK_FALSE(heard.requirements.max_clients);
}

TEST_CASE("a client, a server and what connects them survive the way") {
    const CreatePort client{.settings = ClientSettings{.backpressure = Backpressure::DiscardData}};
    auto heard = decode_client(encode(ClientMessage{client}, 1));
    REQUIRE(heard);
    const auto& asking = std::get<ClientSettings>(std::get<CreatePort>(heard->message).settings);
    CHECK(asking.backpressure == Backpressure::DiscardData);

    const CreatePort server{.settings = ServerSettings{.max_loaned_responses_per_request = 5}};
    heard = decode_client(encode(ClientMessage{server}, 1));
    REQUIRE(heard);
    const auto& answering = std::get<ServerSettings>(std::get<CreatePort>(heard->message).settings);
    CHECK(answering.max_loaned_responses_per_request == 5);
    CHECK(answering.backpressure == Backpressure::RetryUntilDelivered);

    const ConnectionOffered offer{
        .settings =
            RequestConnection{.active_requests = 1, .response_buffer_size = 2, .borrowed_responses = 3}};
    auto offered = decode_broker(encode(BrokerMessage{offer}, 0, std::vector<ipc::shm::UniqueFd>(2)));
    REQUIRE(offered);
    const auto& lanes = std::get<RequestConnection>(std::get<ConnectionOffered>(offered->message).settings);
    CHECK(lanes.active_requests == 1);
    CHECK(lanes.response_buffer_size == 2);
    CHECK(lanes.borrowed_responses == 3);
}

TEST_CASE("a service is of exactly one messaging pattern, and a port of exactly one kind") {
    const std::string head = R"({"type":"create_port","body":{"service":1,"name":"")";
    CHECK(reason((head + "}}").c_str()) ==
          "create_port has none of publisher, subscriber, notifier, listener, client, server");
    CHECK(reason((head + R"(,"listener":{},"notifier":{"default_event_id":0}}})").c_str()) ==
          "create_port has more than one of publisher, subscriber, notifier, listener, client, server");
    CHECK(reason((head + R"(,"listener":{"default_event_id":0}}})").c_str()) ==
          "create_port.listener has members that this protocol does not know");
}

TEST_CASE("an announcement survives the way") {
    const ConnectionReady sent{.connection = Uuid::random(), .port = Uuid::random()};
    auto received = decode_broker(encode(BrokerMessage{sent}, 0));
    REQUIRE(received);
    CHECK(received->request == 0);
    CHECK(std::get<ConnectionReady>(received->message).connection == sent.connection);
    CHECK(std::get<ConnectionReady>(received->message).port == sent.port);
}

TEST_CASE("a list of ids survives the way") {
    const PortCreated sent{.port = Uuid::random(), .connections = {Uuid::random(), Uuid::random()}};
    auto received = decode_broker(encode(BrokerMessage{sent}, 1));
    REQUIRE(received);
    CHECK(std::get<PortCreated>(received->message).connections == sent.connections);
}

TEST_CASE("an answer passes its body through") {
    auto received = decode_broker(encode(BrokerMessage{Answer{.body = {R"({"a":[1,2]})"}, .more = 3}}, 1));
    REQUIRE(received);
    CHECK(std::get<Answer>(received->message).body.text == R"({"a":[1,2]})");
    CHECK(std::get<Answer>(received->message).more == 3);
}

TEST_CASE("what is not a message is refused with a reason") {
    CHECK(reason("garbage") == "a frame that is not JSON");
    CHECK(reason("[1]") == "a frame that is not a JSON object");
    CHECK(reason(R"({"type":"hello"})") == "a frame without type or body");
    CHECK(reason(R"({"type":"nonsense","body":{}})") == "a message of unknown type");
    CHECK(reason(R"({"type":"goodbye","body":{},"request":-1})") == "a request that is not a number");
    CHECK(reason(R"({"type":"goodbye","body":[]})") == "goodbye is not an object");
    CHECK(reason(R"({"type":"goodbye","body":{},"extra":1})") ==
          "a frame with members that this protocol does not know");
    CHECK(reason(R"({"type":"goodbye","body":{"extra":1}})") ==
          "goodbye has members that this protocol does not know");
    CHECK(reason(R"({"type":"close_service","body":{}})") == "close_service lacks service");
    CHECK(reason(R"({"type":"close_service","body":{"service":-1}})") ==
          "close_service has a value of the wrong kind for service");
    CHECK(reason(R"({"type":"drop_port","body":{"port":"00"}})") ==
          "drop_port has a value of the wrong kind for port");
    CHECK(reason("{\"type\":\"\xff\",\"body\":{}}") == "a frame that is not JSON");
}

TEST_CASE("a frame that nests as deep as its length allows is refused before it costs the stack") {
    const std::string too_deep = "a frame that is nested deeper than 32 levels";
    const std::string head = R"({"type":"goodbye","body":)";
    const std::size_t levels = (max_client_frame - head.size() - 1) / 2;
    CHECK(reason((head + std::string(levels, '[') + std::string(levels, ']') + "}").c_str()) == too_deep);
    std::string objects = head;
    for (std::size_t i = 0; i < levels / 3; ++i) objects += R"({"":)";
    CHECK(reason((objects + "0" + std::string(levels / 3, '}') + "}").c_str()) == too_deep);
    const Frame answer = text(R"({"type":"answer","body":{"body":)" + std::string(1'000'000, '[') +
                              std::string(1'000'000, ']') + "}}");
    auto decoded = decode_broker({.text = answer.text, .descriptors = {}});
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().reason == too_deep);
}

TEST_CASE("brackets in a text do not nest") {
    const std::string name = std::string(100, '[') + "\\\"" + std::string(100, '{');
    auto received = decode_client(encode(ClientMessage{Query{.what = name}}, 1));
    REQUIRE(received);
    CHECK(std::get<Query>(received->message).what == name);
}

TEST_CASE("a text that quotes what is not UTF-8 is sent all the same") {
    auto received = decode_broker(encode(BrokerMessage{Closing{.reason = "user \xff"}}, 0));
    REQUIRE(received);
    CHECK(std::get<Closing>(received->message).reason == "user \xef\xbf\xbd");
}

TEST_CASE("a client's message that carries descriptors is refused") {
    Frame frame = encode(ClientMessage{Goodbye{}}, 0);
    frame.descriptors.emplace_back();
    CHECK_FALSE(decode_client(std::move(frame)));
}

TEST_CASE("an offer carries as many descriptors as it has segments") {
    const ConnectionOffered offer{.data_sizes = {4096}};
    CHECK_FALSE(decode_broker(encode(BrokerMessage{offer}, 0)));
    std::vector<ipc::shm::UniqueFd> three(3);
    CHECK(decode_broker(encode(BrokerMessage{offer}, 0, std::move(three))));
}

TEST_CASE("an id is 32 lower case hexadecimal digits and nothing else") {
    const Uuid id = Uuid::random();
    CHECK(Uuid::parse(id.text()) == id);
    CHECK(id.text().size() == 32);
    CHECK_FALSE(Uuid::parse(""));
    CHECK_FALSE(Uuid::parse(id.text() + "0"));
    CHECK_FALSE(Uuid::parse(std::string(32, 'G')));
    CHECK_FALSE(Uuid::parse(std::string(32, 'A')));
}

TEST_CASE("the longest request that a broker grants fits a frame") {
    const std::string longest(layout::max_service_name, '\1');
    const TypeDetail type{.name = std::string(4096, '\1'), .size = ~std::uint64_t{0}, .alignment = 4096};
    const Schema schema{.format = std::string(layout::max_schema_format, '"'),
                        .text = std::string(layout::max_schema_text, '\n')};
    RequestResponseRequest request;
    request.settings = {.request = type,
                        .request_header = type,
                        .response = type,
                        .response_header = type,
                        .request_schema = schema,
                        .response_schema = schema};
    AskedAttributes attributes;
    for (std::uint64_t i = 0; i < layout::max_attributes; ++i)
        attributes.attributes.push_back({.key = std::string(layout::max_attribute_key, '\1'),
                                         .value = std::string(layout::max_attribute_value, '\1')});
    const auto frame =
        encode(ClientMessage{OpenService{.name = longest, .request = request, .attributes = attributes}}, 1);
    CHECK(frame.text.size() + 1024 < max_client_frame);  // what else is in it has fewer digits than this
}
