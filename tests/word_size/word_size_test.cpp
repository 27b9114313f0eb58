// SPDX-License-Identifier: Apache-2.0
// A 64-bit process, this one, and a 32-bit process, at the broker that both have.
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"
#include "word_size/exchange.hpp"
#include "word_size/payloads.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>

using namespace word_size;
using harness::World;

namespace {

harness::Actor in_32_bits(const std::string& role, const World& world) {
    return harness::Actor{role, {world.broker.socket()}, {}, WORD_SIZE_PEER};
}

std::size_t open_here_and_in(const harness::BrokerProcess& broker) {
    return harness::open_descriptors(::getpid()) + harness::open_descriptors(broker.pid());
}

struct Exchange {
    const char* our_part;
    Half half;
    const char* their_part;
};
constexpr std::array exchanges{Exchange{"publish", publish, "subscribe"},
                               Exchange{"subscribe", subscribe, "publish"},
                               Exchange{"publish slices", publish_slices, "subscribe_to_slices"},
                               Exchange{"subscribe to slices", subscribe_to_slices, "publish_slices"},
                               Exchange{"publish history", publish_history, "join_late"},
                               Exchange{"join late", join_late, "publish_history"},
                               Exchange{"notify", notify, "listen"},
                               Exchange{"listen", listen, "notify"},
                               Exchange{"ask", ask, "answer"},
                               Exchange{"answer", answer, "ask"}};

}  // namespace

TEST_CASE("a 32-bit and a 64-bit process talk to each other, both ways", "[word_size]") {
    for (const Exchange& exchange : exchanges) {
        INFO(exchange.our_part << " in 64 bits");
        World world;
        auto other = in_32_bits(exchange.their_part, world);
        CHECK_NOTHROW(exchange.half(world.node, other.line));
        CHECK(other.wait() == harness::Ending{.exited = true});
    }
}

TEST_CASE("a 32-bit process that is killed leaves nothing with a 64-bit one", "[word_size][death]") {
    World world;
    // As few chunks as can be, so that what does not come back is missed.
    auto service = world.node.service_builder("mortal")
                       .publish_subscribe<Image>()
                       .enable_safe_overflow(false)
                       .max_subscribers(1)
                       .max_publishers(2)
                       .create()
                       .value();
    auto publisher = service.publisher_builder()
                         .backpressure_strategy(ipc::BackpressureStrategy::DiscardData)
                         .create()
                         .value();
    auto event = world.node.service_builder("mortal events").event().create().value();
    auto notifier = event.notifier_builder().create().value();
    auto questions =
        world.node.service_builder("mortal questions").request_response<Image, Image>().create().value();
    auto client = questions.client_builder().create().value();
    std::size_t descriptors = 0;
    std::size_t mappings = 0;
    for (int death = 0; death < 4; ++death) {
        {
            // Who has waited keeps a handle: nobody shall wait for the first time after the counting.
            auto other = in_32_bits("hold", world);
            other.expect("ready");
            REQUIRE(notifier.notify().value() == 1);
            for (int i = 0; i < 2; ++i) REQUIRE(publisher.send_copy(Image{}).value() == 1);
            auto pending = client.send_copy(Image{}).value();
            other.expect("holds");
            CHECK(!pending.receive(std::chrono::milliseconds{20}).value());
            other.kill();
            CHECK(!pending.receive(harness::patience).value());
            CHECK(pending.state() == ipc::StreamState::PeerDied);
        }
        // A port lets go of who is gone when it is used.
        CHECK(harness::eventually([&] {
            return publisher.update_connections().value() == 0 && client.update_connections().value() == 0 &&
                   notifier.notify().value() == 0;
        }));
        // The first one made us some that stay.
        if (death == 0) {
            descriptors = open_here_and_in(world.broker);
            mappings = harness::mappings_with(::getpid(), "memfd:");
        }
        CHECK(harness::eventually([&] { return harness::mappings_with(::getpid(), "memfd:") <= mappings; }));
        CHECK(harness::eventually([&] { return open_here_and_in(world.broker) <= descriptors; }));
        CHECK(publisher.send_copy(Image{}).value() == 0);
    }
}

TEST_CASE("a payload that 32 and 64 bits lay out differently is of incompatible types", "[word_size]") {
    World world;
    const auto create = [&]<class Payload>(const char* name, Payload) {
        return world.node.service_builder(name).publish_subscribe<Payload>().create().value();
    };
    const auto made = std::tuple{create("Reading", Reading{}),
                                 create("Told", Told{}),
                                 create("slice", ipc::Slice<std::uint64_t>{}),
                                 create("Unpadded", Unpadded{}),
                                 create("WithLong", WithLong{}),
                                 create("Rounded", Rounded{}),
                                 create("RoundedLong", RoundedLong{}),
                                 create("Hidden", Hidden{})};
    auto other = in_32_bits("open", world);
    CHECK(other.hear() == "opened");
    CHECK(other.hear() == "opened");
    CHECK(other.hear() == "opened");
    using Catch::Matchers::Contains;
    CHECK_THAT(other.hear(), Contains("size 16, alignment 8") && Contains("size 12, alignment 4"));
    CHECK_THAT(other.hear(), Contains("size 16, alignment 8") && Contains("size 8, alignment 4"));
    CHECK_THAT(other.hear(), Contains("layout {4@0 8@8}16") && Contains("layout {4@0 8@4}16"));
    CHECK_THAT(other.hear(), Contains("layout {8@0}8") && Contains("layout {4@0}8"));
    CHECK_THAT(other.hear(),
               Contains("layout opaque16/16 of 64 bits") && Contains("layout opaque16/16 of 32 bits"));
    other.tell("enough");
}

TEST_CASE("likewise where the 32-bit process was there first", "[word_size]") {
    World world;
    auto other = in_32_bits("create", world);
    other.expect("created");
    CHECK(world.node.service_builder("Told").publish_subscribe<Told>().open().has_value());
    const auto rounded = world.node.service_builder("Rounded").publish_subscribe<Rounded>().open();
    REQUIRE_FALSE(rounded.has_value());
    CHECK(rounded.error().code() == ipc::PublishSubscribeOpenError::IncompatibleTypes);
    CHECK_THAT(rounded.error().message(),
               Catch::Matchers::Contains("has the payload type \"word_size::Rounded\"") &&
                   Catch::Matchers::Contains("layout {4@0 8@4}16"));
    other.tell("enough");
}
