// SPDX-License-Identifier: Apache-2.0
// The other end of a connection writes what no honest client or server can have written: that connection is
// cut, and nobody else notices.
#include "catch.hpp"
#include "request/stand_in.hpp"

#include <ipc/untyped/client.hpp>
#include <ipc/untyped/server.hpp>

#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

using namespace request;
using namespace ipc;

namespace {

struct CutClientStage : Stage {
    explicit CutClientStage(wire::RequestResponseSettings service_settings = settings_of(256))
        : Stage{std::move(service_settings)},
          client{untyped::ClientBuilder{service}
                     .degradation_handler([this](const DegradationInfo& info) { degraded.push_back(info); })
                     .create()
                     .value()},
          honest{settings, link(), 10},
          other{settings, link(), 11} {}

    untyped::PendingResponse ask() {
        auto pending = client.loan().value().send().value();
        CHECK(pending.number_of_server_connections() == (degraded.empty() ? 2 : 1));
        CHECK(honest.take_request() == pending.request_number());
        (void)other.take_request();
        return pending;
    }
    void check_that_only_the_other_is_cut() {
        REQUIRE(degraded.size() == 1);
        CHECK(degraded[0].peer == UniquePortId{other.peer.high, other.peer.low});
        CHECK(session->cut == std::vector{other.id});
        // As the broker does then.
        link().disconnect(other.id, wire::RemovalReason::Cut);
        CHECK(degraded.size() == 1);
    }

    std::vector<DegradationInfo> degraded;
    untyped::Client client;
    PlayedServer honest;
    PlayedServer other;
};

struct CutServerStage : Stage {
    explicit CutServerStage(wire::RequestResponseSettings service_settings = settings_of(256))
        : Stage{std::move(service_settings)},
          server{untyped::ServerBuilder{service}
                     .degradation_handler([this](const DegradationInfo& info) { degraded.push_back(info); })
                     .create()
                     .value()},
          honest{settings, link(), 10},
          other{settings, link(), 11} {}

    void check_that_only_the_other_is_cut() {
        REQUIRE(degraded.size() == 1);
        CHECK(degraded[0].peer == UniquePortId{other.peer.high, other.peer.low});
        CHECK(session->cut == std::vector{other.id});
        link().disconnect(other.id, wire::RemovalReason::Cut);
        CHECK(degraded.size() == 1);
        honest.ask(1, 0);
        {
            auto request = server.receive().value();
            REQUIRE(request.has_value());
            CHECK(request->header().client_id() == UniquePortId{honest.peer.high, honest.peer.low});
            CHECK(request->loan().value().send().value() == 1);
        }
        CHECK(honest.take_response(0) == 1);
        CHECK(honest.lanes[0]->stream_ended(1));
    }

    std::vector<DegradationInfo> degraded;
    untyped::Server server;
    PlayedClient honest;
    PlayedClient other;
};

wire::RequestResponseSettings slices_of_words() {
    auto settings = settings_of(8);
    settings.request.variant = settings.response.variant = wire::TypeVariant::Dynamic;
    return settings;
}

// Says that it has so many elements, whatever fits there.
void publish_slice_in_slot(Sender& ring, std::uint64_t number, const layout::Sample& block,
                           std::uint64_t elements) {
    std::vector<std::uint64_t> words(layout::Sample::large_room / 8);
    words[block.elements_offset / 8] = elements;
    ring.publish_in_slot(number, words.data(), words.size());
}

}  // namespace

TEST_CASE("a server that writes what it cannot have sent is cut, and its stream ends with that cause",
          "[request][cut]") {
    CutClientStage stage;
    auto pending = stage.ask();
    Sender& lane = *stage.other.lanes[0];
    const std::uint32_t inside = stage.other.offset_of(0, stage.other.unit);
    const std::vector<std::function<void()>> crimes{
        [&] { lane.publish_by_reference(1, 0, 0xffffffff, 0); },  // outside of its memory
        [&] { lane.publish_by_reference(1, 5, inside, 0); },      // in no segment of its own
        [&] { lane.publish_by_reference(2, 0, inside, 0); },      // to a request that was not made
        [&] { lane.publish_by_reference(~0ULL, 0, inside, 0); },  // to one that nobody can make
        [&] { lane.publish_in_slot(1, nullptr, 0); },             // in a slot that has no room for it
        [&] { Wiretap::word(stage.other.lane(0), stage.other.layout.responses.slots).store(~0ULL); }};
    crimes[GENERATE(0U, 1U, 2U, 3U, 4U, 5U)]();
    CHECK_FALSE(pending.receive().value().has_value());
    stage.check_that_only_the_other_is_cut();
    CHECK(pending.state() == StreamState::Open);  // the honest one may still answer
    stage.honest.respond(0, 1);
    CHECK(pending.receive().value().has_value());
    stage.honest.lanes[0]->end_stream(1);
    CHECK(pending.state() == StreamState::PeerDied);
    auto next = stage.ask();
    CHECK(next.number_of_server_connections() == 1);
}

TEST_CASE("what is held of a server that was cut stays, and keeps its place from the next",
          "[request][cut]") {
    CutClientStage stage;
    std::optional pending{stage.ask()};
    stage.other.chunk(0)[0] = std::byte{42};
    stage.other.respond(0, 1);
    auto held = pending->receive().value();
    REQUIRE(held.has_value());
    stage.other.lanes[0]->publish_by_reference(2, 0, 0, 0);
    CHECK(pending->receive().error() == ReceiveError::ExceedsMaxBorrows);
    Wiretap::word(stage.other.lane(1), stage.other.layout.responses.slots).store(5);
    auto second = stage.ask();
    CHECK_FALSE(second.receive().value().has_value());
    stage.check_that_only_the_other_is_cut();
    CHECK(static_cast<const std::byte*>(held->payload())[0] == std::byte{42});
    // A new server's connection gets another place, also while the requests to the one that was cut are
    // under way.
    PlayedServer third{stage.settings, stage.link(), 12};
    held.reset();
    pending.reset();
    PlayedServer fourth{stage.settings, stage.link(), 13};
    auto asked = stage.client.loan().value().send().value();
    CHECK(asked.number_of_server_connections() == 3);
    third.respond(0, asked.request_number());
    fourth.respond(0, asked.request_number());
    CHECK(asked.receive().value().has_value());
    CHECK(asked.receive().value().has_value());
    CHECK(stage.degraded.size() == 1);
}

TEST_CASE("a server's end of its stream at a place that it never reached is not believed", "[request][cut]") {
    CutClientStage stage;
    auto pending = stage.ask();
    Wiretap::word(stage.other.lane(0), layout::Connection::end_position).store(~0ULL);
    Wiretap::word(stage.other.lane(0), layout::Connection::ended_stream).store(1);
    stage.honest.lanes[0]->end_stream(1);
    CHECK(pending.state() == StreamState::Open);
    CHECK_FALSE(pending.receive(std::chrono::milliseconds{1}).value().has_value());
    stage.link().disconnect(stage.other.id, wire::RemovalReason::PeerDied);
    CHECK(pending.state() == StreamState::PeerDied);
}

TEST_CASE("a server that sends what nobody waits for, without end, keeps no receive from returning",
          "[request][cut]") {
    CutClientStage stage;
    { auto first = stage.ask(); }
    auto second = stage.ask();
    for (int i = 0; i < 100; ++i) {
        stage.other.respond(0, 1);
        stage.other.respond(0, 1);
        CHECK_FALSE(second.receive().value().has_value());
        CHECK(stage.other.has_all_back(0, 2));
    }
    CHECK(stage.degraded.empty());
}

TEST_CASE("a client that writes what it cannot have sent is cut, and another is served", "[request][cut]") {
    CutServerStage stage;
    const std::uint64_t unit = stage.other.block.unit();
    const std::vector<std::function<void()>> crimes{
        [&] { stage.other.requests.publish_by_reference(1, 0, 0xffffffff, 0); },
        [&] { stage.other.requests.publish_by_reference(1, 3, stage.other.offset_of(0, unit), 0); },
        [&] { stage.other.ask(0, 0); },  // requests are numbered from 1
        [&] { stage.other.ask(~0ULL, 0); },
        [&] { stage.other.ask(1, 2); },  // a lane that there is not
        [&] { stage.other.ask(1, ~0ULL); },
        [&] { Wiretap::word(stage.other.segment.data(), stage.other.layout.requests.slots).store(7); }};
    crimes[GENERATE(0U, 1U, 2U, 3U, 4U, 5U, 6U)]();
    CHECK_FALSE(stage.server.receive().value().has_value());
    stage.check_that_only_the_other_is_cut();
}

TEST_CASE("a client that sends a request twice is cut", "[request][cut]") {
    CutServerStage stage;
    stage.other.ask(7, 1);
    auto request = stage.server.receive().value();
    REQUIRE(request.has_value());
    stage.other.ask(7, 1);
    CHECK_FALSE(stage.server.receive().value().has_value());
    stage.check_that_only_the_other_is_cut();
    CHECK(request->state() == StreamState::PeerDied);
    CHECK(request->loan().value().send().value() == 0);
}

TEST_CASE("a position or a flag that a client cannot have reached in a lane cuts it off", "[request][cut]") {
    CutServerStage stage;
    stage.other.ask(1, 0);
    auto request = stage.server.receive().value();
    REQUIRE(request.has_value());
    const bool position = GENERATE(true, false);
    if (position)
        Wiretap::word(stage.other.lane(0), layout::Connection::read_position).store(1000);
    else
        for (std::uint64_t i = 0; i < stage.other.layout.responses.ticket_count; ++i)
            Wiretap::word(stage.other.lane(0), layout::Connection::flags + 8 * i).store(1000);
    for (int i = 0; i < 10 && stage.degraded.empty(); ++i) {
        (void)request->loan().value().send();
        ring::Taken taken;
        if (!position) (void)stage.other.lanes[0]->try_take(taken, nullptr, 0);
    }
    CHECK(request->state() == StreamState::PeerDied);
    stage.check_that_only_the_other_is_cut();
}

TEST_CASE("a deadline that no clock reaches is as late as the clock goes", "[request][cut]") {
    CutServerStage stage;
    stage.other.ask(1, 0, ~0ULL);
    const auto request = stage.server.receive().value();
    REQUIRE(request.has_value());
    CHECK(request->deadline() == std::chrono::steady_clock::time_point::max());
    CHECK(request->state() == StreamState::Open);
}

TEST_CASE("a response that would reach beyond its server's memory, or its slot, cuts the server off",
          "[request][cut][slice]") {
    CutClientStage stage{slices_of_words()};
    const layout::Sample block = stage.settings.response_block();
    const bool in_slot = GENERATE(true, false);
    const std::uint64_t most = in_slot ? (layout::Sample::large_room - block.payload_offset) / 8
                                       : stage.other.longest_slice(0, block);
    const auto hostile = GENERATE_COPY(most + 1, std::uint64_t{1} << 61, ~std::uint64_t{0});
    const auto respond = [&](std::uint64_t elements) {
        Sender& lane = *stage.other.lanes[0];
        if (in_slot) return publish_slice_in_slot(lane, 1, block, elements);
        lane.announce_elements(elements);
        stage.other.respond(0, 1);
    };
    auto pending = stage.ask();
    respond(most);
    CHECK(pending.receive().value()->number_of_elements() == most);
    CHECK(stage.degraded.empty());
    respond(hostile);
    CHECK_FALSE(pending.receive().value().has_value());
    stage.check_that_only_the_other_is_cut();
    CHECK(pending.state() == StreamState::Open);
}

TEST_CASE("a request that would reach beyond its client's memory, or its slot, cuts the client off",
          "[request][cut][slice]") {
    CutServerStage stage{slices_of_words()};
    const layout::Sample block = stage.settings.request_block();
    const bool in_slot = GENERATE(true, false);
    const std::uint64_t most = in_slot ? (layout::Sample::large_room - block.payload_offset) / 8
                                       : stage.other.longest_slice(1, block);
    const auto hostile = GENERATE_COPY(most + 1, std::uint64_t{1} << 61, ~std::uint64_t{0});
    const auto ask = [&](std::uint64_t number, std::uint64_t elements) {
        Sender& requests = stage.other.requests;
        if (in_slot) return publish_slice_in_slot(requests, number, block, elements);
        requests.announce_elements(elements);
        stage.other.ask(number, 0);
    };
    ask(1, most);
    CHECK(stage.server.receive().value()->number_of_elements() == most);
    CHECK(stage.degraded.empty());
    ask(5, hostile);  // from the same chunk
    CHECK_FALSE(stage.server.receive().value().has_value());
    stage.check_that_only_the_other_is_cut();
}
