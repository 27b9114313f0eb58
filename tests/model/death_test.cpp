// SPDX-License-Identifier: Apache-2.0

// Who dies, dies before any of its steps; the other side goes on, and what it had given away comes back once.
#include "delivery_world.hpp"
#include "exploring.hpp"

#include <functional>

namespace {

model::Exploration explore_deaths(const model::DeliverySettings& settings, const model::Bounds& bounds) {
    model::DeliveryWorld<> world(settings);
    return model::explore(std::ref(world), bounds);
}

}  // namespace

TEST_CASE("A receiver dies at any step: the sender goes on, and every chunk comes back once") {
    require_kept(explore_deaths({.samples = 4, .takes = 3, .mortal_takers = true}, {.deaths = 1}));
}

TEST_CASE("A sender dies at any step: what it published can be taken, whole") {
    require_kept(explore_deaths({.samples = 4, .takes = 3, .mortal_sender = true}, {.deaths = 1}));
}

TEST_CASE("Both die, at any pair of steps") {
    require_kept(explore_deaths({.samples = 4, .takes = 3, .mortal_sender = true, .mortal_takers = true},
                                {.deaths = 2}));
}

TEST_CASE("A receiver with two threads dies at any pair of their steps") {
    require_kept(
        explore_deaths({.samples = 3, .takers = 2, .takes = 1, .mortal_takers = true}, {.deaths = 2}));
}
