// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/temporary_directory.hpp"
#include "node/recording_port.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <ipc/ipc.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <future>
#include <thread>

namespace {

using namespace ipc;

// Says what a real broker would never say, to one client.
class StandIn {
 public:
    using Answer = std::function<std::optional<wire::Frame>(const wire::Numbered<wire::ClientMessage>&)>;

    explicit StandIn(Answer answer) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
        listener_ = shm::UniqueFd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        REQUIRE(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener_.get(), 1) == 0);
        thread_ = std::thread{[this, answer = std::move(answer)] { serve(answer); }};
    }
    ~StandIn() { thread_.join(); }

    std::string socket() const { return (directory_.path() / "s").string(); }

 private:
    void serve(const Answer& answer) {
        const shm::UniqueFd client{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        wire::FrameReader reader{wire::max_client_frame};
        wire::FrameWriter writer;
        for (;;) {
            pollfd readable{.fd = client.get(), .events = POLLIN, .revents = 0};
            ::poll(&readable, 1, -1);
            const auto progress = reader.receive(client.get());
            if (!progress || *progress == wire::FrameReader::Progress::Closed) return;
            while (auto frame = reader.next().value()) {
                auto reply = answer(wire::decode_client(std::move(*frame)).value());
                if (!reply) return;
                writer.enqueue(std::move(*reply));
                writer.flush(client.get());
            }
        }
    }

    harness::TemporaryDirectory directory_;
    shm::UniqueFd listener_;
    std::thread thread_;
};

auto node_on(const StandIn& broker) {
    Config config;
    config.socket = broker.socket();
    return NodeBuilder{}.config(config).signal_handling_mode(SignalHandlingMode::Disabled).create();
}

wire::Frame to(const wire::Numbered<wire::ClientMessage>& request, const wire::BrokerMessage& message) {
    return wire::encode(message, request.request);
}

}  // namespace

TEST_CASE("a broker that speaks no common version is an error with its words") {
    const StandIn broker{[](const auto& request) {
        return to(request, wire::Refused{.code = wire::Refusal::UnsupportedProtocol,
                                         .message = "the broker speaks 7 to 8, the library 1 to 1"});
    }};
    auto node = node_on(broker);
    REQUIRE_FALSE(node);
    CHECK(node.error() == NodeCreationError::UnsupportedProtocol);
    CHECK(node.error().message() == "the broker speaks 7 to 8, the library 1 to 1");
}

TEST_CASE("the hello says which versions and which library") {
    wire::Hello heard;
    {
        const StandIn broker{[&](const auto& request) -> std::optional<wire::Frame> {
            heard = std::get<wire::Hello>(request.message);
            return std::nullopt;
        }};
        auto node = node_on(broker);
        REQUIRE_FALSE(node);
        CHECK(node.error() == NodeCreationError::NoBroker);
        CHECK(node.error().message().find(broker.socket()) != std::string::npos);
    }
    CHECK(heard.lowest_protocol == wire::lowest_protocol);
    CHECK(heard.highest_protocol == wire::highest_protocol);
    CHECK(heard.library_version == version());
}

TEST_CASE("a broker that talks nonsense is left, and the reason is said") {
    const StandIn broker{[](const auto&) { return wire::Frame{.text = "nonsense", .descriptors = {}}; }};
    auto node = node_on(broker);
    REQUIRE_FALSE(node);
    CHECK(node.error() == NodeCreationError::NoBroker);
    CHECK(node.error().message().find("not JSON") != std::string::npos);
}

TEST_CASE("an answer to something else is not understood") {
    const StandIn broker{[](const auto& request) { return to(request, wire::Answer{}); }};
    auto node = node_on(broker);
    REQUIRE_FALSE(node);
    CHECK(node.error() == NodeCreationError::InternalFailure);
    CHECK(node.error().message().find(version()) != std::string::npos);
}

TEST_CASE("a broker that ends the session says why, and the node passes it on") {
    const StandIn broker{[](const auto&) {
        return wire::encode(wire::BrokerMessage{wire::Closing{.reason = "over the quota of patience"}}, 0);
    }};
    auto node = node_on(broker);
    REQUIRE_FALSE(node);
    CHECK(node.error() == NodeCreationError::NoBroker);
    CHECK(node.error().message().find("over the quota of patience") != std::string::npos);
}

TEST_CASE("a wake handle that came too late is there when it is asked for again") {
    // Of the real thing only the order counts: the answer to the first request is sent with the next message.
    int asked = 0;
    std::uint64_t late = 0;
    const StandIn broker{[&](const auto& request) -> std::optional<wire::Frame> {
        if (std::holds_alternative<wire::Hello>(request.message))
            return to(request,
                      wire::Welcome{.protocol = 1, .broker_version = "0", .node = {.high = 1, .low = 2}});
        if (std::holds_alternative<wire::RequestWakeHandle>(request.message)) {
            ++asked;
            late = request.request;
            return wire::encode(wire::BrokerMessage{wire::ConnectionReady{}}, 0);  // nothing of interest
        }
        return wire::encode(wire::BrokerMessage{wire::WakeHandle{}}, late);
    }};
    auto settings = quiet_settings(broker.socket());
    settings.observer = true;
    settings.control_thread = false;
    auto session = control::Session::open(settings).value();
    const wire::Uuid port{.high = 3, .low = 4};
    const auto soon_enough = [] { return control::Clock::now() + std::chrono::milliseconds{20}; };
    auto first =
        session->request_wake_handle(port, soon_enough(), ipc::control::Patience::until_there_is_a_broker);
    REQUIRE_FALSE(first);
    CHECK(first.error().kind == control::CallFailure::Kind::Timeout);
    session->tell(wire::DropPort{.port = port});
    auto second = session->request_wake_handle(port, soon(), ipc::control::Patience::until_there_is_a_broker);
    REQUIRE(second);
    CHECK((*second)->descriptor() >= 0);
    session.reset();
    CHECK(asked == 1);
}

TEST_CASE("a port that another thread is building does not lose who created it") {
    std::promise<void> first_waits;
    std::uint64_t unanswered = 0;
    const StandIn broker{[&](const auto& request) -> std::optional<wire::Frame> {
        if (std::holds_alternative<wire::Hello>(request.message))
            return to(request,
                      wire::Welcome{.protocol = 1, .broker_version = "0", .node = {.high = 1, .low = 2}});
        if (std::holds_alternative<wire::OpenService>(request.message))
            return to(request, wire::ServiceOpened{.service = 1, .settings = wire::EventSettings{}});
        if (std::holds_alternative<wire::CreatePort>(request.message))
            return to(request, wire::PortCreated{.port = {.high = 5, .low = 6}});
        if (std::holds_alternative<wire::Query>(request.message)) {
            unanswered = request.request;
            first_waits.set_value();
            return wire::encode(wire::BrokerMessage{wire::ConnectionReady{}}, 0);  // nothing of interest
        }
        return wire::encode(wire::BrokerMessage{wire::Answer{}}, unanswered);  // once the port was dropped
    }};
    auto settings = quiet_settings(broker.socket());
    settings.observer = true;
    settings.control_thread = false;
    auto session = control::Session::open(settings).value();

    const auto opened = session->call(wire::OpenService{.request = wire::EventRequest{}}, soon()).value();
    const auto service = std::get<wire::ServiceOpened>(opened.message).service;

    // Reads the socket for all, from before it asks.
    bool answered = false;
    std::thread first{[&] { answered = session->call(wire::Query{}, soon()).has_value(); }};
    first_waits.get_future().wait();
    const auto deadline = control::Clock::now() + std::chrono::seconds{1};
    std::thread::id builder;
    const auto created = session->create_port(
        port_request(service, wire::PortKind::Subscriber),
        [&](const wire::PortCreated&, const std::optional<shm::MemoryFile>&)
            -> tl::expected<std::shared_ptr<control::PortLink>, std::string> {
            while (control::Clock::now() <= deadline) std::this_thread::yield();
            builder = std::this_thread::get_id();
            return std::make_shared<RecordingPort>();
        },
        deadline);
    REQUIRE(created);
    CHECK(created->low == 6);
    CHECK(builder == first.get_id());
    session->drop_port(*created);
    first.join();
    CHECK(answered);
}
