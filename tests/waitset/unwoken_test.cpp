// SPDX-License-Identifier: Apache-2.0
// A sender that has no handle yet cannot wake anybody. Until it has one, a wait set looks by itself.
#include "catch.hpp"
#include "event/world.hpp"
#include "layout/event_connection.hpp"
#include "pubsub/session_stand_in.hpp"
#include "ring/atomics.hpp"
#include "ring/event_sender.hpp"
#include "shm/mapping.hpp"
#include "wait_counter.hpp"
#include "waiting_set.hpp"

#include <memory>

using namespace waitset;
namespace layout = ipc::layout;
namespace shm = ipc::shm;
namespace wire = ipc::wire;

namespace {

// A listener, and a notifier played by the test.
struct Stage {
    Stage() {
        ipc::control::Offer offer;
        offer.details.connection = wire::Uuid::random();
        offer.details.peer_port = wire::Uuid::random();
        offer.details.settings = wire::EventConnection{.event_id_max_value = 255};
        offer.details.record = 10;
        offer.connection_segment = shm::MemoryFile{file.descriptor().duplicate()};
        if (auto connected = session->links.front()->connect(std::move(offer)); !connected)
            throw ipc::Failure{connected.error()};
    }

    std::shared_ptr<pubsub::SessionStandIn> session =
        std::make_shared<pubsub::SessionStandIn>(wire::PublishSubscribeSettings{});
    ipc::Listener listener =
        ipc::ListenerBuilder{
            std::make_shared<ipc::detail::ServiceHandle>(
                session, "service",
                wire::ServiceOpened{.settings = wire::EventSettings{.event_id_max_value = 255,
                                                                    .max_notifiers = 4,
                                                                    .max_listeners = 4,
                                                                    .max_nodes = 4}})}
            .create()
            .value();
    layout::EventConnection connection = layout::event_connection(255);
    shm::MemoryFile file = shm::MemoryFile::create("connection", connection.size).value();
    shm::Mapping segment = shm::Mapping::map(file, connection.size, shm::Access::ReadWrite).value();
    ipc::ring::EventSender<ipc::ring::StdAtomics> sender{segment.data(), connection};
};

}  // namespace

TEST_CASE("what a sender without a handle sends is found", "[waitset]") {
    Stage stage;
    auto set = a_wait_set();
    const auto guard = set.attach_notification(stage.listener).value();
    CHECK(round_of(set).empty());
    for (std::uint64_t id = 0; id < 20; ++id) {
        stage.sender.notify(id);
        REQUIRE(round_of(set, patience) == ids({&guard}));
        REQUIRE(event::heard(stage.listener) == event::Tally{{id, 1}});
    }
}

TEST_CASE("what a sender without a handle sends shows in another loop", "[waitset]") {
    Stage stage;
    auto set = a_wait_set();
    const auto guard = set.attach_notification(stage.listener).value();
    CHECK(round_of(set).empty());
    stage.sender.notify(7);
    CHECK(readable(set.file_descriptor(), harness::patience_ms));
    CHECK(round_of(set, patience) == ids({&guard}));
}

TEST_CASE("once the sender has its handle, a wait set no longer looks by itself", "[waitset][quiet]") {
    Stage stage;
    auto set = a_wait_set();
    const auto guard = set.attach_notification(stage.listener).value();
    stage.sender.confirm_receiver_handle();
    CHECK(round_of(set).empty());
    const auto before = waits_so_far();
    CHECK(round_of(set, 50ms).empty());
    CHECK(waits_so_far() - before <= 2);  // one look may have been planned before
}
