// SPDX-License-Identifier: Apache-2.0

// The delivery ring under every interleaving within the bounds; and known-wrong variants of it, which have to
// be found, or finding nothing would prove nothing.
#include "delivery_world.hpp"
#include "exploring.hpp"
#include "wrong_orders.hpp"

#include <functional>

namespace {

using model::DeliverySettings;
using model::DeliveryWorld;

template <class Atomics = model::ModelAtomics<>>
model::Exploration explore_delivery(const DeliverySettings& settings, const model::Bounds& bounds = {}) {
    DeliveryWorld<Atomics> world(settings);
    return model::explore(std::ref(world), bounds);
}

// Flags that say only "returned", not from which delivery.
template <class Atomics>
struct BooleanFlags : Atomics {
    static inline const DeliveryWorld<BooleanFlags>* world = nullptr;

    struct Word : Atomics::Word {
        std::uint64_t offset;
        Word(typename Atomics::Word word, std::uint64_t at) : Atomics::Word(word), offset(at) {}
        std::uint64_t load(std::memory_order order) const {
            std::uint64_t const value = Atomics::Word::load(order);
            std::uint64_t const flags = ipc::layout::Connection::flags;
            bool const is_flag = offset >= flags && offset < world->connection().slots;
            return is_flag && value != 0 ? world->expected_flag((offset - flags) / sizeof value) : value;
        }
    };
    static Word word(const std::byte* segment, std::uint64_t offset) {
        return {Atomics::word(segment, offset), offset};
    }
};

}  // namespace

TEST_CASE("A sample is in one hand, whole, and comes back once: one taker") {
    require_kept(explore_delivery({.samples = 4, .takes = 3}));
}

TEST_CASE("A sample is in one hand, whole, and comes back once: a ring of one") {
    require_kept(explore_delivery({.buffer = 1, .samples = 3, .takes = 2}));
}

TEST_CASE("A sample is in one hand, whole, and comes back once: more slots than the ring may hold") {
    require_kept(explore_delivery({.buffer = 3, .samples = 5, .takes = 2}));
}

TEST_CASE("A sample is in one hand, whole, and comes back once: two takers of one subscriber") {
    require_kept(explore_delivery({.samples = 3, .takers = 2, .takes = 1}));
}

TEST_CASE("A sample is in one hand, whole, and comes back once: two takers that borrow at once") {
    require_kept(explore_delivery({.buffer = 1, .borrowed = 2, .samples = 4, .takers = 2, .takes = 2},
                                  {.preemptions = 2, .stale_reads = 1}));
}

TEST_CASE("Tickets suffice when they are used again and again") {
    require_kept(
        explore_delivery({.buffer = 1, .samples = 5, .takes = 4}, {.preemptions = 4, .stale_reads = 1}));
}

TEST_CASE("By chance, further than everything can be looked at") {
    DeliveryWorld<> world({.buffer = 3, .borrowed = 2, .samples = 12, .takers = 3, .takes = 5});
    auto const result = model::wander(std::ref(world), {}, 20'000, 1);
    INFO(result.violation);
    REQUIRE(result.violation.empty());
}

TEST_CASE("Found: a publication that does not release what it publishes") {
    require_broken(explore_delivery<model::ModelAtomics<model::RelaxedStores>>({.samples = 2, .takes = 1}));
}

TEST_CASE("Found: a taker that does not acquire what was published") {
    require_broken(explore_delivery<model::ModelAtomics<model::RelaxedLoads>>({.samples = 2, .takes = 1}));
}

TEST_CASE("Found: a compare-and-swap that hands nothing on") {
    require_broken(
        explore_delivery<model::ModelAtomics<model::RelaxedExchanges>>({.samples = 4, .takes = 3}));
}

TEST_CASE("Found: flags without a generation") {
    using Atomics = BooleanFlags<model::ModelAtomics<>>;
    DeliveryWorld<Atomics> world({.buffer = 1, .samples = 5, .takes = 3});
    Atomics::world = &world;
    require_broken(model::explore(std::ref(world), {.preemptions = 4, .stale_reads = 0}));
}

TEST_CASE("Found: a borrow that is given back before the flag is set") {
    require_broken(explore_delivery(
        {.buffer = 1, .samples = 4, .takers = 2, .takes = 2, .borrow_back_before_flag = true},
        {.preemptions = 4, .stale_reads = 1}));
}
