// SPDX-License-Identifier: Apache-2.0
// A client that breaks the rules loses its session, with the reason in its own hands, in the log and in
// status; and its neighbours notice nothing.
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "raw_client.hpp"

#include <unistd.h>

#include <chrono>
#include <functional>

namespace {

struct Crime {
    const char* name;
    std::function<void(RawClient&)> commit;
    const char* reason;  // part of it
};

std::string header(std::uint32_t length, std::uint32_t descriptors) {
    const wire::FrameHeader header{.length = length, .descriptors = descriptors};
    return {reinterpret_cast<const char*>(&header), sizeof header};
}

const std::vector<Crime> crimes{
    {"garbage", [](RawClient& c) { c.send_bytes("GET / HTTP/1.1\r\nHost: example\r\n\r\n"); }, "longer than"},
    {"a gigabyte length", [](RawClient& c) { c.send_bytes(header(1U << 30, 0)); }, "longer than"},
    {"half a header, then silence", [](RawClient& c) { c.send_bytes(header(10, 0).substr(0, 5)); },
     "was not whole within"},
    {"half a frame, then silence", [](RawClient& c) { c.send_bytes(header(10, 0) + "{\"ty"); },
     "was not whole within"},
    {"no hello at all", [](RawClient&) {}, "was not whole within"},
    {"a frame that is not JSON", [](RawClient& c) { c.send_frame("{{{"); }, "not JSON"},
    {"bytes that are not UTF-8", [](RawClient& c) { c.send_frame("{\"type\":\"\xff\xfe\",\"body\":{}}"); },
     "not JSON"},
    {"a message nobody knows", [](RawClient& c) { c.send_frame(R"({"type":"please","body":{}})"); },
     "unknown type"},
    {"descriptors that no frame announced",
     [](RawClient& c) { c.send_bytes(header(2, 0) + "{}", STDERR_FILENO); }, ""},
    {"descriptors that the message does not carry",
     [](RawClient& c) {
         const std::string text = R"({"type":"goodbye","body":{}})";
         c.send_bytes(header(static_cast<std::uint32_t>(text.size()), 1) + text, STDERR_FILENO);
     },
     "descriptors"},
    {"a thousand descriptors announced", [](RawClient& c) { c.send_bytes(header(2, 1000) + "{}"); },
     "descriptors"},
    {"a request before hello",
     [](RawClient& c) { c.ask(wire::Query{.what = "status", .argument = {}, .cursor = 0}); }, "before hello"},
    {"hello twice", [](RawClient& c) { c.hello(), c.ask(wire::Hello{}); }, "second time"},
    {"a request without a number", [](RawClient& c) { c.hello(), c.tell(open_service("s")); },
     "without a request number"},
    {"a message after goodbye",
     [](RawClient& c) { c.hello(), c.tell(wire::Goodbye{}), c.tell(wire::CloseService{}); }, "after goodbye"},
    {"an observer that opens a service", [](RawClient& c) { c.hello("o", true), c.ask(open_service("s")); },
     "from an observer"},
    {"closing what is not open", [](RawClient& c) { c.hello(), c.tell(wire::CloseService{.service = 77}); },
     "not open"},
    {"a port in a service that is not open",
     [](RawClient& c) {
         c.hello();
         c.ask(publisher_request(77));
     },
     "not open"},
    {"a port of two kinds",
     [](RawClient& c) {
         c.hello();
         c.send_frame(R"({"type":"create_port","body":{"service":1,"name":"",)"
                      R"("subscriber":{"history_request":0},"listener":{}},"request":9})");
     },
     "more than one of"},
    {"a port of another pattern's",
     [](RawClient& c) {
         c.hello();
         const auto service = c.call<wire::ServiceOpened>(open_service("s")).service;
         c.ask(wire::CreatePort{.service = service, .name = "", .settings = wire::ListenerSettings{}});
     },
     "of a kind that"},
    {"a port that is nobody's",
     [](RawClient& c) { c.hello(), c.tell(wire::DataMapped{.port = wire::Uuid::random()}); },
     "does not have"},
    {"data mapped twice",
     [](RawClient& c) {
         c.hello();
         const auto port = add_publisher(c, c.call<wire::ServiceOpened>(open_service("s")).service);
         c.tell(wire::DataMapped{.port = port.created.port});
     },
     "second time"},
    {"data mapped where there is none",
     [](RawClient& c) {
         c.hello();
         const auto port = add_subscriber(c, c.call<wire::ServiceOpened>(open_service("s")).service);
         c.tell(wire::DataMapped{.port = port.created.port});
     },
     "without a data segment"},
    {"a wake handle for a publisher that is not whole",
     [](RawClient& c) {
         c.hello();
         const auto service = c.call<wire::ServiceOpened>(open_service("s")).service;
         c.ask(wire::RequestWakeHandle{.port = half_a_publisher(c, service).port});
     },
     "before data_mapped"},
    {"a connection of a publisher that is not whole",
     [](RawClient& c) {
         c.hello();
         const auto service = c.call<wire::ServiceOpened>(open_service("s")).service;
         add_subscriber(c, service);
         const auto publisher = half_a_publisher(c, service);
         c.tell(wire::ConnectionMapped{.connection = publisher.connections.at(0)});
     },
     "before data_mapped"},
    {"counters mapped twice",
     [](RawClient& c) { c.hello(), c.tell(wire::CountersMapped{}), c.tell(wire::CountersMapped{}); },
     "second time"},
    {"a hundred requests without reading an answer",
     [](RawClient& c) {
         c.hello();
         for (int i = 0; i < 100; ++i) c.ask(wire::Query{.what = "status", .argument = {}, .cursor = 0});
     },
     "unread"},
};

}  // namespace

TEST_CASE("whoever breaks the rules is cut off with a reason and nobody else notices") {
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = R"({
        "session": {"frame_timeout_ms": 300}})"}};
    RawClient publisher{broker.socket()};
    RawClient subscriber{broker.socket()};
    publisher.hello("publisher");
    subscriber.hello("subscriber");
    const auto service = publisher.call<wire::ServiceOpened>(open_service("beside")).service;
    subscriber.call<wire::ServiceOpened>(open_service("beside"));
    add_publisher(publisher, service);
    const auto receiving = add_subscriber(subscriber, service);
    REQUIRE(receiving.created.connections.size() == 1);
    publisher.expect<wire::ConnectionOffered>();

    std::size_t ended_before = 0;
    for (const Crime& crime : crimes) {
        INFO(crime.name);
        RawClient criminal{broker.socket()};
        crime.commit(criminal);
        // It reads nothing before it was cut off: not reading is one of the crimes.
        REQUIRE(
            harness::eventually([&] { return subscriber.query("status")["ended"].size() > ended_before; }));
        ++ended_before;
        const std::string reason = criminal.reason_of_the_end();
        if (std::string{crime.name}.find("hundred") == std::string::npos) {
            CHECK(reason.find(crime.reason) != std::string::npos);
            CHECK_FALSE(reason.empty());
        }
        const auto ended = subscriber.query("status")["ended"];
        REQUIRE_FALSE(ended.empty());
        const auto recorded = ended.back()["reason"].get<std::string>();
        CHECK(recorded.find(crime.reason) != std::string::npos);
        CHECK(ended.back()["pid"] == ::getpid());
        CHECK(broker.log().find(recorded) != std::string::npos);
    }

    // The neighbours were told nothing but what they caused themselves.
    publisher.tell(wire::ConnectionMapped{.connection = receiving.created.connections.front()});
    CHECK(subscriber.expect<wire::ConnectionReady>().connection == receiving.created.connections.front());
    subscriber.tell(wire::ConnectionMapped{.connection = receiving.created.connections.front()});
    CHECK(publisher.expect<wire::ConnectionReady>().connection == receiving.created.connections.front());
    CHECK(broker.stop() == harness::Ending{.exited = true, .code = 0, .signal = 0});
}

TEST_CASE("a client that never reads what it is told is cut off and its neighbours go on") {
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = R"({
        "session": {"queue_bytes": 65536}})"}};
    RawClient deaf{broker.socket()};
    deaf.hello("deaf");
    RawClient busy{broker.socket()};
    busy.hello("busy");
    deaf.call<wire::ServiceOpened>(open_service("s"));
    const auto service = busy.call<wire::ServiceOpened>(open_service("s")).service;
    add_subscriber(deaf, service);
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    // Each publisher of the other node is announced, and its end.
    CHECK(harness::eventually([&] {
        const auto port = add_publisher(busy, service);
        busy.tell(wire::DropPort{.port = port.created.port});
        const auto ended = observer.query("status")["ended"];
        return !ended.empty() && ended.back()["node"] == "deaf";
    }));
    CHECK(observer.query("nodes")["nodes"].size() == 1);
}

TEST_CASE("descriptors that a deaf client leaves to the broker count towards its quota") {
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = R"({
        "quota": {"session": {"descriptors": 100}}})"}};
    RawClient deaf{broker.socket()};
    deaf.hello("deaf");
    RawClient busy{broker.socket()};
    busy.hello("busy");
    deaf.call<wire::ServiceOpened>(open_service("s"));
    const auto service = busy.call<wire::ServiceOpened>(open_service("s")).service;
    add_subscriber(deaf, service);
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    CHECK(harness::eventually([&] {
        busy.tell(wire::DropPort{.port = add_publisher(busy, service).created.port});
        return !observer.query("status")["ended"].empty();
    }));
    const auto ended = observer.query("status")["ended"];
    CHECK(ended.back()["node"] == "deaf");
    CHECK(ended.back()["reason"].get<std::string>().find("quota.session.descriptors") != std::string::npos);
    // What lay there is gone with the session.
    CHECK(harness::eventually([&] { return observer.query("status")["totals"]["descriptors"] < 20; }));
}

TEST_CASE("a client that leaves its own socket with the broker does not stay for ever") {
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = R"({
        "session": {"frame_timeout_ms": 300}})"}};
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    RawClient gone{broker.socket()};
    gone.hello("gone");
    gone.send_bytes(header(10, 1) + "{", gone.socket());  // the broker does not see this end close now
    gone.hang_up();
    CHECK(harness::eventually([&] { return observer.query("nodes")["nodes"].empty(); }));
    // Its socket is closed by a thread that nobody waits for.
    CHECK(harness::eventually([&] { return observer.query("status")["totals"]["sessions"] == 1; }));
}

TEST_CASE("a client that is always in the middle of a frame is not taken for one that stopped there") {
    constexpr std::chrono::milliseconds patience{1000};
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = R"({
        "session": {"frame_timeout_ms": 1000}})"}};
    RawClient client{broker.socket()};
    client.hello("busy");
    const std::string text =
        R"({"type":"query","body":{"what":"nodes","argument":"","cursor":0},"request":7})";
    const std::string frame = header(static_cast<std::uint32_t>(text.size()), 0) + text;
    const std::string_view begin = std::string_view{frame}.substr(0, 20);
    const std::string_view rest = std::string_view{frame}.substr(20);
    client.send_bytes(begin);
    const auto end = std::chrono::steady_clock::now() + 2 * patience;
    do {
        client.send_bytes(std::string{rest}.append(begin));
        client.expect<wire::Answer>();
    } while (std::chrono::steady_clock::now() < end);
}

TEST_CASE("a line break in a name does not begin a line of the log") {
    harness::BrokerProcess broker;
    RawClient liar{broker.socket()};
    liar.hello("x\nroudi error: all is lost");
    liar.send_bytes(header(1U << 30, 0));
    CHECK_FALSE(liar.reason_of_the_end().empty());
    CHECK(broker.log().find("\nroudi error") == std::string::npos);
}
