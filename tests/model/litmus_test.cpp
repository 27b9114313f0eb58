// SPDX-License-Identifier: Apache-2.0

// The explorer against what is known of the memory model: what it must find, and what it must not.
#include "catch.hpp"
#include "explorer.hpp"
#include "model_atomics.hpp"

#include <array>
#include <cstddef>
#include <memory>

namespace {

using model::Execution;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

struct Words {
    std::array<std::byte, 64> memory{};
    std::array<std::uint64_t, 4> seen{};
    model::ModelAtomics<>::Word operator[](std::size_t i) {
        return model::ModelAtomics<>::word(memory.data(), i * 8);
    }
};

enum class Fence { none, full, heavy_on_one_side };

model::Exploration both_store_then_load(Fence fence) {
    Words words;
    return model::explore([&](Execution& run) {
        words.seen = {};
        for (std::size_t me : {0U, 1U})
            run.task("side", [&, me, fence] {
                words[me].store(1, release);
                if (fence == Fence::full) run.full_fence();
                if (fence == Fence::heavy_on_one_side && me == 0) run.heavy_fence();
                words.seen[me] = words[1 - me].load(acquire);
            });
        run.at_end(
            [&] { run.require(words.seen[0] + words.seen[1] != 0, "somebody sees the other's store"); });
    });
}

model::Exploration message_passing(std::memory_order on_store, std::memory_order on_load) {
    Words words;
    return model::explore([&](Execution& run) {
        run.task("writer", [&] {
            words[0].store(1, relaxed);
            words[1].store(1, on_store);
        });
        run.task("reader", [&] {
            if (words[1].load(on_load) == 1)
                run.require(words[0].load(relaxed) == 1, "the message comes before the news of it");
        });
    });
}

}  // namespace

TEST_CASE("A store is seen late: without a fence both sides of Dekker's protocol can miss each other") {
    REQUIRE(both_store_then_load(Fence::none).violation != "");
    auto const fenced = both_store_then_load(Fence::full);
    REQUIRE(fenced.violation == "");
    REQUIRE(fenced.complete);
}

TEST_CASE("A heavy fence on one side is enough for both") {
    auto const result = both_store_then_load(Fence::heavy_on_one_side);
    REQUIRE(result.violation == "");
    REQUIRE(result.complete);
}

TEST_CASE("Relaxed stores become visible out of order, and only release with acquire orders them") {
    REQUIRE(message_passing(relaxed, acquire).violation != "");
    REQUIRE(message_passing(release, relaxed).violation != "");
    auto const ordered = message_passing(release, acquire);
    REQUIRE(ordered.violation == "");
    REQUIRE(ordered.complete);
}

TEST_CASE("Fences order relaxed accesses as release and acquire do") {
    Words words;
    auto const result = model::explore([&](Execution& run) {
        run.task("writer", [&] {
            words[0].store(1, relaxed);
            run.release_fence();
            words[1].store(1, relaxed);
        });
        run.task("reader", [&] {
            if (words[1].load(relaxed) == 0) return;
            run.acquire_fence();
            run.require(words[0].load(relaxed) == 1, "the message comes before the news of it");
        });
    });
    REQUIRE(result.violation == "");
    REQUIRE(result.complete);
}

TEST_CASE("A location never goes back, whoever looks") {
    Words words;
    auto const result = model::explore([&](Execution& run) {
        run.task("writer", [&] {
            for (std::uint64_t i = 1; i <= 3; ++i) words[0].store(i, relaxed);
        });
        run.task("reader", [&] {
            std::uint64_t const first = words[0].load(relaxed);
            run.require(words[0].load(relaxed) >= first, "later reads are not older");
        });
    });
    REQUIRE(result.violation == "");
    REQUIRE(result.complete);
}

TEST_CASE("Read-modify-writes lose nothing, and continue a release sequence") {
    Words words;
    auto const result = model::explore([&](Execution& run) {
        run.task("writer", [&] {
            words[0].store(1, relaxed);
            words[1].fetch_add(1, release);
        });
        run.task("between", [&] { words[1].fetch_add(10, relaxed); });
        run.task("reader", [&] {
            std::uint64_t const sum = words[1].load(acquire);
            if (sum % 10 == 1)
                run.require(words[0].load(relaxed) == 1, "released through the other's addition");
        });
        run.at_end([&] { run.require(words[1].load(relaxed) == 11, "both additions are there"); });
    });
    REQUIRE(result.violation == "");
    REQUIRE(result.complete);
}

TEST_CASE("Plain accesses that nothing orders are found to race") {
    Words words;
    auto const use_and_reuse = [&](std::memory_order order) {
        return model::explore([&, order](Execution& run) {
            auto const data = run.location_at(words.memory.data());
            run.task("reader", [&run, &words, data, order] {
                static_cast<void>(run.plain_read(data));
                words[1].store(1, order);
            });
            run.task("writer", [&run, &words, data] {
                if (words[1].load(acquire) == 1) run.plain_write(data, 2);
            });
        });
    };
    REQUIRE(use_and_reuse(relaxed).violation.starts_with("plain write: races with a read"));
    REQUIRE(use_and_reuse(release).violation == "");
}

TEST_CASE("A task can die before each of its steps") {
    Words words;
    std::array<bool, 4> died_with{};
    auto const result = model::explore(
        [&](Execution& run) {
            run.task(
                "mortal",
                [&] {
                    for (std::uint64_t i = 1; i <= 3; ++i) words[0].store(i, relaxed);
                },
                true);
            run.at_end([&] { died_with[words[0].load(relaxed)] = true; });
        },
        {.deaths = 1});
    REQUIRE(result.complete);
    REQUIRE(died_with == std::array<bool, 4>{true, true, true, true});
}

TEST_CASE("Nobody left to run ends an execution, and the scenario sees who waits") {
    bool blocked = false;
    auto const result = model::explore([&](Execution& run) {
        std::size_t const task = run.task("sleeper", [&run] { run.block_until([] { return false; }); });
        run.at_end([&run, &blocked, task] { blocked = !run.over(task); });
    });
    REQUIRE(result.complete);
    REQUIRE(blocked);
}
