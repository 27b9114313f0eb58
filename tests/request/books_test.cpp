// SPDX-License-Identifier: Apache-2.0
// What clients and servers keep of each other, step by step: who is the last to let go, what a lane that is
// used again meets of its last request, and threads that come in another order.
#include "catch.hpp"
#include "port/wait_source.hpp"
#include "request/stand_in.hpp"

#include <ipc/untyped/client.hpp>
#include <ipc/untyped/server.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace request;
using namespace ipc;
using namespace std::chrono_literals;

namespace {

struct ClientStage : Stage {
    explicit ClientStage(Routing routing = Routing::ToAll, bool retry = false,
                         const wire::RequestResponseSettings& service_settings = settings_of(256))
        : Stage{service_settings},
          client{untyped::ClientBuilder{service}
                     .routing(routing)
                     .retry_on_server_death(retry)
                     .create()
                     .value()} {}

    untyped::PendingResponse ask() { return client->loan().value().send().value(); }
    void end(const Wiretap& server, wire::RemovalReason reason = wire::RemovalReason::PeerDied) const {
        link().disconnect(server.id, reason);
    }

    std::optional<untyped::Client> client;
};

// How many times a client can be connected anew while these are kept: its places are not lost.
template <class Keep>
void connect_again_and_again(Keep&& keep) {
    ClientStage stage;
    for (std::uint32_t i = 0; i < 40; ++i) {
        PlayedServer server{stage.settings, stage.link(), 10};
        auto pending = stage.ask();
        CHECK(pending.number_of_server_connections() == 1);
        keep(stage, server, pending);
    }
    stage.client.reset();
    CHECK(stage.session->dropped);
}

}  // namespace

TEST_CASE("a place serves one server after another, however its connection ended", "[request][books]") {
    using Reason = wire::RemovalReason;
    const auto reason = GENERATE(Reason::PeerDropped, Reason::PeerDied, Reason::Cut);
    SECTION("before the request") {
        connect_again_and_again([&](ClientStage& stage, PlayedServer& server, untyped::PendingResponse&) {
            stage.end(server, reason);
        });
    }
    SECTION("with a response that was not received") {
        connect_again_and_again(
            [&](ClientStage& stage, PlayedServer& server, untyped::PendingResponse& pending) {
                server.respond(0, pending.request_number());
                stage.end(server, reason);
                CHECK(pending.has_response().value() == (reason != Reason::Cut));
            });
    }
    SECTION("with a response that is held longer than its request") {
        connect_again_and_again(
            [&](ClientStage& stage, PlayedServer& server, untyped::PendingResponse& pending) {
                server.respond(0, pending.request_number());
                auto held = pending.receive().value();
                REQUIRE(held.has_value());
                { auto dropped = std::move(pending); }
                stage.end(server, reason);
            });
    }
}

TEST_CASE("a client's port ends with whatever is the last of it", "[request][books]") {
    ClientStage stage;
    PlayedServer server{stage.settings, stage.link(), 10};
    std::optional loan{stage.client->loan().value()};
    auto pending = std::make_unique<untyped::PendingResponse>(std::move(*loan).send().value());
    server.respond(0, 1);
    std::optional held{pending->receive().value().value()};
    loan.emplace(stage.client->loan().value());
    stage.client.reset();
    CHECK_FALSE(stage.session->dropped);
    SECTION("its loan") {
        pending.reset();
        held.reset();
        CHECK_FALSE(stage.session->dropped);
        loan.reset();
    }
    SECTION("a request that its loan became") {
        pending.reset();
        held.reset();
        pending = std::make_unique<untyped::PendingResponse>(std::move(*loan).send().value());
        CHECK_FALSE(stage.session->dropped);
        pending.reset();
    }
    SECTION("a request under way") {
        loan.reset();
        held.reset();
        CHECK_FALSE(stage.session->dropped);
        pending.reset();
    }
    SECTION("a response") {
        loan.reset();
        pending.reset();
        CHECK_FALSE(stage.session->dropped);
        held.reset();
    }
    CHECK(stage.session->dropped);
}

TEST_CASE("a client's port ends also when its last loan found too many requests under way",
          "[request][books]") {
    ClientStage stage;
    std::vector<untyped::PendingResponse> pending;
    for (int i = 0; i < 2; ++i) pending.push_back(stage.ask());
    auto loan = stage.client->loan().value();
    stage.client.reset();
    CHECK(std::move(loan).send().error() == RequestSendError::ExceedsMaxActiveRequests);
    CHECK_FALSE(stage.session->dropped);
    pending.clear();
    CHECK(stage.session->dropped);
}

TEST_CASE("the next request in a lane gets only its own responses, and what an older one left goes back",
          "[request][books]") {
    ClientStage stage;
    PlayedServer server{stage.settings, stage.link(), 10};
    { auto first = stage.ask(); }
    CHECK(server.lanes[0]->receiver_closed(1));
    // The server has not seen that yet.
    server.respond(0, 1);
    auto second = stage.ask();
    CHECK_FALSE(server.lanes[0]->receiver_closed(2));
    CHECK_FALSE(second.receive().value().has_value());
    CHECK(server.has_all_back(0, 1));
    server.respond(0, 1);
    server.respond(0, 2);
    const auto response = second.receive().value();
    REQUIRE(response.has_value());
    CHECK(response->header().request_number() == 2);
    CHECK_FALSE(second.receive().value().has_value());
}

TEST_CASE("what a dropped request did not receive goes back with it", "[request][books]") {
    ClientStage stage;
    PlayedServer server{stage.settings, stage.link(), 10};
    for (std::uint64_t i = 1; i <= 100; ++i) {
        auto pending = stage.ask();
        server.respond(0, i);
        server.respond(0, i);
        if (i % 3 == 0) server.lanes[0]->end_stream(i);
        if (i % 2 == 0) pending.cancel();
        { auto dropped = std::move(pending); }
        REQUIRE(server.has_all_back(0, 2));
    }
}

TEST_CASE("a request whose server died waits for another one, and goes to it", "[request][books]") {
    ClientStage stage{Routing::LeastLoaded, true};
    std::optional<PlayedServer> first{std::in_place, stage.settings, stage.link(), 10};
    auto pending = stage.ask();
    CHECK(first->take_request() == 1);
    stage.end(*first);
    for (int i = 0; i < 3; ++i) {
        CHECK(pending.state() == StreamState::PeerDied);
        CHECK_FALSE(pending.receive().value().has_value());
    }
    PlayedServer second{stage.settings, stage.link(), 11};
    CHECK(pending.state() == StreamState::Open);
    const std::uint64_t number = second.take_request();
    CHECK(number == pending.request_number());
    second.respond(0, number);
    const auto response = pending.receive().value();
    REQUIRE(response.has_value());
    CHECK(response->header().server_id() == UniquePortId{second.peer.high, second.peer.low});
    // Answered: not given away a second time.
    stage.end(second);
    PlayedServer third{stage.settings, stage.link(), 12};
    CHECK(pending.state() == StreamState::PeerDied);
    CHECK(third.take_request() == 0);
}

TEST_CASE("the least loaded server is chosen among those that are there and take requests",
          "[request][books]") {
    ClientStage stage{Routing::LeastLoaded};
    PlayedServer dead{stage.settings, stage.link(), 10};
    PlayedServer closed{stage.settings, stage.link(), 11};
    PlayedServer good{stage.settings, stage.link(), 12};
    { auto none = stage.ask(); }  // takes up all three
    stage.end(dead);
    closed.requests.close();
    while (good.take_request() != 0) {
    }
    for (int i = 0; i < 6; ++i) {
        auto pending = stage.ask();
        CHECK(pending.number_of_server_connections() == 1);
        CHECK(good.take_request() == pending.request_number());
    }
}

TEST_CASE("a request of an old connection does not begin in the next server's lane", "[request][books]") {
    ClientStage stage;
    // The broker's news that one is gone comes in the middle of the client's operation, as it were: it has
    // been taken out of its place, and the client has not taken that up.
    for (std::uint32_t i = 0; i < 10; ++i) {
        PlayedServer first{stage.settings, stage.link(), 10};
        { auto pending = stage.ask(); }
        stage.end(first);
        PlayedServer second{stage.settings, stage.link(), 11};
        auto pending = stage.ask();
        CHECK(pending.number_of_server_connections() == 1);
        CHECK(second.take_request() == pending.request_number());
        stage.end(second);
        CHECK(pending.state() == StreamState::PeerDied);
    }
}

TEST_CASE("a request that sleeps is woken by a server that its lane's last request did not have",
          "[request][books]") {
    ClientStage stage{Routing::LeastLoaded};
    PlayedServer first{stage.settings, stage.link(), 10};
    PlayedServer second{stage.settings, stage.link(), 11};
    for (int i = 0; i < 4; ++i) {
        auto pending = stage.ask();
        PlayedServer& chosen = first.take_request() != 0 ? first : second;
        CHECK_FALSE(pending.receive(1ms).value().has_value());
        CHECK(chosen.lanes[0]->receiver_wants_wake());
    }
}

TEST_CASE("who sleeps for any response is woken by the response to a request that came later",
          "[request][books]") {
    ClientStage stage;
    PlayedServer server{stage.settings, stage.link(), 10};
    stage.client->file_descriptor().value();
    (void)stage.client->wait_source()->look();
    auto pending = stage.ask();
    server.respond(0, 1);
    CHECK(server.lanes[0]->receiver_wants_wake());
}

namespace {

struct ServerStage : Stage {
    explicit ServerStage(const wire::RequestResponseSettings& service_settings = settings_of(256))
        : Stage{service_settings},
          server{untyped::ServerBuilder{service}.thread_safe(true).create().value()},
          client{settings, link(), 10} {}

    std::optional<untyped::Server> server;
    PlayedClient client;
};

wire::RequestResponseSettings without_overflow() {
    auto settings = settings_of(256);
    settings.response_overflow = false;
    return settings;
}

}  // namespace

TEST_CASE("requests that threads begin in another order than they came are no crime", "[request][books]") {
    auto settings = settings_of(256);
    settings.fire_and_forget = GENERATE(true, false);
    ServerStage stage{settings};
    // As if another thread had taken 1 first, and were slow.
    stage.client.ask(2, 0);
    auto newer = stage.server->receive().value();
    REQUIRE(newer.has_value());
    stage.client.ask(1, 0);
    auto older = stage.server->receive().value();
    CHECK(older.has_value() == settings.fire_and_forget);
    CHECK(stage.session->cut.empty());
    if (older) {
        CHECK(older->state() == StreamState::Cancelled);
        CHECK(older->loan().value().send().value() == 0);
        older.reset();
    }
    CHECK(newer->state() == StreamState::Open);
    CHECK(newer->loan().value().send().value() == 1);
    newer.reset();
    CHECK(stage.client.take_response(0) == 2);
    CHECK(stage.client.lanes[0]->stream_ended(2));
}

TEST_CASE("what an older request left does not stand in the way of the next one's responses",
          "[request][books]") {
    ServerStage stage{without_overflow()};
    stage.client.ask(1, 0);
    auto older = stage.server->receive().value();
    for (int i = 0; i < 2; ++i) CHECK(older->loan().value().send().value() == 1);
    // Its lane is full. The client has given it up, has taken nothing, and asks again in that lane.
    stage.client.lanes[0]->close(1);
    stage.client.ask(2, 0);
    auto newer = stage.server->receive().value();
    for (int i = 0; i < 2; ++i) CHECK(newer->loan().value().send().value() == 1);
    CHECK(stage.client.take_response(0) == 2);
    CHECK(stage.client.take_response(0) == 2);
    CHECK(stage.client.take_response(0) == 0);
    CHECK(older->loan().value().send().value() == 0);
}

TEST_CASE("a response that meets a stream that is given up comes back at once", "[request][books]") {
    ServerStage stage{without_overflow()};
    for (std::uint64_t i = 1; i <= 100; ++i) {
        stage.client.ask(i, i % 2);
        auto request = stage.server->receive().value();
        REQUIRE(request.has_value());
        CHECK(request->loan().value().send().value() == 1);
        stage.client.lanes[i % 2]->close(i);
        CHECK(request->state() == StreamState::Cancelled);
        CHECK(request->loan().value().send().value() == 0);
        CHECK(stage.client.take_response(i % 2) == 0);
        request.reset();
        (void)stage.client.requests.collect([](ring::ChunkId) {});
    }
}

TEST_CASE("a request's slot is used again once, when its loans and it are gone, whichever is the last",
          "[request][books]") {
    ServerStage stage;
    for (std::uint64_t i = 1; i <= 50; ++i) {
        (void)stage.client.requests.collect([](ring::ChunkId) {});
        stage.client.ask(2 * i - 1, 0);
        stage.client.ask(2 * i, 1);
        auto first = stage.server->receive().value();
        auto second = stage.server->receive().value();
        REQUIRE((first.has_value() && second.has_value()));
        std::optional loan{first->loan().value()};
        std::optional other{second->loan().value()};
        if (i % 2 == 0) loan.reset();
        first.reset();
        if (i % 3 == 0)
            loan.reset();
        else if (loan)
            CHECK(std::move(*loan).send().value() == 0);
        CHECK(second->header().request_number() == 2 * i);
        CHECK(std::move(*other).send().value() == 1);
        CHECK(stage.client.take_response(1) == 2 * i);
    }
    CHECK_FALSE(stage.session->dropped);
    stage.server.reset();
    CHECK(stage.session->dropped);
}

TEST_CASE("a server's port ends with whatever is the last of it", "[request][books]") {
    ServerStage stage;
    stage.client.ask(1, 0);
    auto request = stage.server->receive().value();
    REQUIRE(request.has_value());
    std::optional loan{request->loan().value()};
    stage.server.reset();
    CHECK(stage.client.requests.receiver_closed());
    SECTION("its loan") {
        request.reset();
        CHECK_FALSE(stage.session->dropped);
        CHECK(std::move(*loan).send().value() == 0);
    }
    SECTION("its request") {
        CHECK(std::move(*loan).send().value() == 1);
        CHECK_FALSE(stage.session->dropped);
        CHECK(stage.client.take_response(0) == 1);
        request.reset();
        CHECK(stage.client.lanes[0]->stream_ended(1));
    }
    CHECK(stage.session->dropped);
}

TEST_CASE("requests and loans of a client that is gone end by themselves", "[request][books]") {
    ServerStage stage;
    const bool cut = GENERATE(false, true);
    stage.client.ask(1, 0);
    stage.client.ask(2, 1);
    auto request = stage.server->receive().value();
    REQUIRE(request.has_value());
    std::optional loan{request->loan().value()};
    stage.link().disconnect(stage.client.id, cut ? wire::RemovalReason::Cut : wire::RemovalReason::PeerDied);
    CHECK(request->state() == StreamState::PeerDied);
    CHECK(std::move(*loan).send().value() == 0);
    CHECK(request->loan().value().send().value() == 0);
    auto left = stage.server->receive().value();
    CHECK(left.has_value() == !cut);
    if (left) CHECK(left->state() == StreamState::PeerDied);
    left.reset();
    request.reset();
    PlayedClient next{stage.settings, stage.link(), 11};
    next.ask(1, 0);
    CHECK(stage.server->receive().value()->loan().value().send().value() == 1);
    CHECK(next.take_response(0) == 1);
}
