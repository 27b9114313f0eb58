// SPDX-License-Identifier: Apache-2.0
// What a receiving port sleeps on, while connections are made.
#include "port/sleeper.hpp"

#include "catch.hpp"
#include "port/place_table.hpp"
#include "pubsub/session_stand_in.hpp"

#include <functional>
#include <memory>

using namespace ipc;

namespace {

struct FakePlace {
    void raise_wake() {
        ++raised;
        if (when_raised) std::exchange(when_raised, nullptr)();
    }
    bool has_data() const { return false; }
    bool sender_can_wake() const { return true; }

    int raised = 0;
    std::function<void()> when_raised;
};

struct Port {
    FakePlace& connect() {
        FakePlace& place = places.add(std::make_unique<FakePlace>());
        sleeper.disturb();
        handle.wake();
        return place;
    }
    // As a port does after a look that found nothing.
    void lie_down() {
        sleeper.be_quiet(session, {}, places, [] { return false; });
    }

    pubsub::SessionStandIn session{wire::PublishSubscribeSettings{}};
    port::PlaceTable<FakePlace> places{8};
    port::SharedHandle handle{port::SharedHandle::Sleepers::one};
    port::Sleeper sleeper{handle};
};

}  // namespace

TEST_CASE("a connection that was made after the last look is raised with the others", "[pubsub][waiting]") {
    Port port;
    FakePlace& first = port.connect();
    port.lie_down();
    CHECK(first.raised == 1);
    // The byte that tells of it is read away when the port lies down.
    FakePlace& second = port.connect();
    port.lie_down();
    CHECK(second.raised == 1);
    CHECK(first.raised == 2);
}

TEST_CASE("a connection that is made while the port lies down is raised before it sleeps",
          "[pubsub][waiting]") {
    Port port;
    FakePlace& first = port.connect();
    FakePlace* second = nullptr;
    first.when_raised = [&] { second = &port.connect(); };
    port.lie_down();
    REQUIRE(second != nullptr);
    // If not yet, then the descriptor is readable, and the port looks and lies down once more.
    port.lie_down();
    CHECK(second->raised == 1);
}

TEST_CASE("a port that lies and was not woken stays as it is", "[pubsub][waiting]") {
    Port port;
    FakePlace& first = port.connect();
    for (int i = 0; i < 5; ++i) port.lie_down();
    CHECK(first.raised == 1);
    port.sleeper.wake();
    port.lie_down();
    CHECK(first.raised == 2);
}
