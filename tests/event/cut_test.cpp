// SPDX-License-Identifier: Apache-2.0
// The other end of a connection writes what no honest notifier can have written: that connection is cut, and
// nothing else notices.
#include "catch.hpp"
#include "event/world.hpp"
#include "layout/event_connection.hpp"
#include "pubsub/session_stand_in.hpp"
#include "ring/atomics.hpp"
#include "ring/event_news.hpp"
#include "ring/event_sender.hpp"
#include "shm/mapping.hpp"

#include <memory>
#include <optional>
#include <vector>

using namespace event;
namespace wire = ipc::wire;
namespace layout = ipc::layout;
namespace ring = ipc::ring;
namespace shm = ipc::shm;

namespace {

const wire::EventSettings settings{.event_id_max_value = 255,
                                   .max_notifiers = 4,
                                   .max_listeners = 4,
                                   .max_nodes = 4,
                                   .notifier_created_event = 10,
                                   .notifier_dropped_event = 11,
                                   .notifier_dead_event = 12};

// A notifier played by the test.
struct Wiretap {
    Wiretap(ipc::control::PortLink& port, std::uint32_t record)
        : link{port},
          file{shm::MemoryFile::create("connection", layout.size).value()},
          segment{shm::Mapping::map(file, layout.size, shm::Access::ReadWrite).value()},
          sender{segment.data(), layout} {
        if (auto connected = link.connect(offer(record)); !connected) throw ipc::Failure{connected.error()};
    }
    ipc::control::Offer offer(std::uint32_t record) const {
        ipc::control::Offer offer;
        offer.details.connection = id;
        offer.details.peer_port = peer;
        offer.details.settings = wire::EventConnection{.event_id_max_value = 255};
        offer.details.record = record;
        offer.connection_segment = shm::MemoryFile{file.descriptor().duplicate()};
        return offer;
    }
    std::atomic<std::uint64_t>& word(std::uint64_t offset) const {
        return ring::StdAtomics::word(segment.data(), offset);
    }
    // A counter that was there before falls back, and the news says that there is something.
    void lie() const {
        word(layout.levels[1].offset) = 0;
        word(layout::EventConnection::news) = ring::EventNews::of(1000, 1).word;
    }
    // As often as can be said, all at once.
    void boast(std::uint64_t event) const {
        word(layout.levels[0].offset + event * sizeof(std::uint64_t)) = (std::uint64_t{1} << 63) - 1;
        word(layout.levels[1].offset + (event >> layout.group_shift) * sizeof(std::uint64_t)) = 1;
        word(layout::EventConnection::news) = ring::EventNews::of(1000, event).word;
    }
    void end(wire::RemovalReason reason) const { link.disconnect(id, reason); }

    wire::Uuid id = wire::Uuid::random();
    wire::Uuid peer = wire::Uuid::random();
    layout::EventConnection layout = layout::event_connection(255);
    ipc::control::PortLink& link;
    shm::MemoryFile file;
    shm::Mapping segment;
    ring::EventSender<ring::StdAtomics> sender;
};

struct Stage {
    Stage()
        : session{std::make_shared<pubsub::SessionStandIn>(wire::PublishSubscribeSettings{})},
          listener{
              ipc::ListenerBuilder{std::make_shared<ipc::detail::ServiceHandle>(
                                       session, "service", wire::ServiceOpened{.settings = settings})}
                  .degradation_handler([this](const ipc::DegradationInfo& info) { degraded.push_back(info); })
                  .create()
                  .value()},
          honest{*session->links.front(), 10},
          other{*session->links.front(), 11} {}

    std::shared_ptr<pubsub::SessionStandIn> session;
    std::vector<ipc::DegradationInfo> degraded;
    ipc::Listener listener;
    Wiretap honest;
    Wiretap other;
};

}  // namespace

TEST_CASE("a notifier whose counters fall back is cut, and the others are heard", "[event][hostile]") {
    Stage stage;
    for (int i = 0; i < 2; ++i) stage.other.sender.notify(1);
    CHECK(heard(stage.listener) == Tally{{1, 2}});
    stage.other.lie();
    stage.honest.sender.notify(2);
    CHECK(heard(stage.listener) == Tally{{2, 1}});
    REQUIRE(stage.degraded.size() == 1);
    CHECK(stage.degraded[0].peer == ipc::UniquePortId{stage.other.peer.high, stage.other.peer.low});
    CHECK(stage.session->cut == std::vector{stage.other.id});

    stage.other.sender.notify(3);
    stage.honest.sender.notify(4);
    CHECK(heard(stage.listener) == Tally{{4, 1}});
    // That its connection is gone comes too late to be heard of, and is no death.
    stage.other.end(wire::RemovalReason::Cut);
    stage.other.end(wire::RemovalReason::PeerDied);
    CHECK(heard(stage.listener).empty());
    CHECK(stage.degraded.size() == 1);
}

TEST_CASE("a notifier that lies and dies is dead and no more is made of it", "[event][hostile]") {
    Stage stage;
    for (int i = 0; i < 2; ++i) stage.other.sender.notify(1);
    CHECK(heard(stage.listener) == Tally{{1, 2}});
    stage.other.lie();
    stage.other.end(wire::RemovalReason::PeerDied);
    CHECK(heard(stage.listener) == Tally{{12, 1}});
    CHECK(stage.degraded.empty());
}

TEST_CASE("who wrote that he ended in order is taken at his word", "[event][hostile]") {
    Stage stage;
    stage.other.sender.notify(5);
    stage.other.sender.close();
    stage.other.end(wire::RemovalReason::PeerDied);
    CHECK(heard(stage.listener) == Tally{{5, 1}, {11, 1}});
    stage.honest.end(wire::RemovalReason::PeerDropped);
    CHECK(heard(stage.listener) == Tally{{11, 1}});
}

TEST_CASE("a connection for another number of ids is not taken", "[event][hostile]") {
    Stage stage;
    auto offer = stage.other.offer(12);
    offer.details.settings = wire::EventConnection{.event_id_max_value = 65535};
    auto connected = stage.session->links.front()->connect(std::move(offer));
    REQUIRE_FALSE(connected);
    CHECK(connected.error().find("65535") != std::string::npos);
    auto samples = stage.other.offer(12);
    samples.details.settings = wire::DeliveryConnection{};
    CHECK_FALSE(stage.session->links.front()->connect(std::move(samples)));
}

TEST_CASE("a segment that is smaller than announced is not mapped", "[event][hostile]") {
    Stage stage;
    auto offer = stage.other.offer(12);
    offer.connection_segment = shm::MemoryFile::create("small", 64).value();
    CHECK_FALSE(stage.session->links.front()->connect(std::move(offer)));
    stage.honest.sender.notify(4);
    CHECK(heard(stage.listener) == Tally{{4, 1}});
}

TEST_CASE("what two notifiers that boast leave does not make a third's unheard", "[event][hostile]") {
    Stage stage;
    Wiretap third{*stage.session->links.front(), 12};
    CHECK(heard(stage.listener).empty());
    for (int i = 0; i < 2; ++i) third.sender.notify(7);
    stage.honest.boast(7);
    stage.other.boast(7);
    for (const Wiretap* gone : {&stage.honest, &stage.other, &third})
        gone->end(wire::RemovalReason::PeerDropped);
    CHECK(heard(stage.listener) == Tally{{7, ~std::uint64_t{0}}, {11, 3}});
}
