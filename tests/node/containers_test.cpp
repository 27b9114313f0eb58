// SPDX-License-Identifier: Apache-2.0
// Containers of fixed capacity, from one process to another that has them elsewhere.
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <ipc/boost/static_string.hpp>
#include <ipc/boost/static_vector.hpp>

#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace containers {

using Name = boost::static_strings::static_string<32>;

struct Track {
    Name title;
    boost::container::static_vector<Name, 4> artists;
    double seconds = 0;
};
// An aggregate of such, that says nothing of itself.
struct Album {
    std::uint32_t number = 0;
    boost::container::static_vector<Track, 16> tracks;
    std::array<boost::container::static_vector<Name, 2>, 2> sides;
    std::pair<Name, std::uint64_t> label;
};

Album album() {
    Album made{.number = 7, .tracks = {}, .sides = {}, .label = {"a label", 1959}};
    for (const char* title : {"So What", "Freddie Freeloader", "Blue in Green"})
        made.tracks.push_back(
            {.title = title, .artists = {Name{"Davis"}, Name{"Coltrane"}, Name{title}}, .seconds = 337.5});
    made.sides[1].push_back("flip");
    return made;
}

bool is_whole(const Album& received) {
    const Album sent = album();
    bool same = received.number == sent.number && received.label == sent.label &&
                received.sides == sent.sides && received.tracks.size() == sent.tracks.size();
    for (std::size_t i = 0; same && i < sent.tracks.size(); ++i)
        same = received.tracks[i].title == sent.tracks[i].title &&
               received.tracks[i].artists == sent.tracks[i].artists &&
               received.tracks[i].seconds == sent.tracks[i].seconds;
    return same;
}

auto albums(const ipc::Node& node) {
    return node.service_builder("albums").publish_subscribe<Album>().open_or_create().value();
}

std::string address_of(const void* at) {
    return std::to_string(reinterpret_cast<std::uintptr_t>(at));
}

ACTOR(listening_to_albums) {
    // Whatever the kernel would have mapped at the same place as in the other process is elsewhere now.
    (void)::mmap(nullptr, 64U << 20U, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const auto node = harness::node_at(arguments.at(0), "listening");
    auto subscriber = albums(node).subscriber_builder().create().value();
    test.tell("ready");
    const auto sample = subscriber.receive(harness::patience).value();
    test.tell(sample && is_whole(**sample) ? "whole" : "torn");
    test.tell(address_of(&**sample));
    test.expect("end");
    return 0;
}

}  // namespace containers

using namespace containers;

TEST_CASE("a structure of vectors of strings arrives whole at another address") {
    harness::World world;
    harness::Actor actor{"listening_to_albums", {world.broker.socket()}};
    actor.expect("ready");
    auto publisher = albums(world.node).publisher_builder().create().value();
    auto loan = publisher.loan_uninit().value();
    const std::string here = address_of(loan.payload_mut());
    CHECK(std::move(loan).write_payload(album()).send().value() == 1);
    actor.expect("whole");
    CHECK(actor.hear() != here);
    actor.tell("end");
}
