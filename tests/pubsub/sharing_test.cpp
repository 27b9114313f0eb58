// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

using Wide = std::array<std::uint64_t, 32>;

Wide filled(std::uint64_t number) {
    Wide result;
    result.fill(number);
    return result;
}

bool is_whole(const Wide& large) {
    return std::all_of(large.begin(), large.end(), [&](std::uint64_t word) { return word == large.front(); });
}

}  // namespace

TEST_CASE("threads of one subscriber share its samples: each is received once", "[pubsub][threads]") {
    World world;
    auto service = world.node.service_builder("shared")
                       .publish_subscribe<Wide>()
                       .enable_safe_overflow(false)
                       .subscriber_max_buffer_size(16)
                       .subscriber_max_borrowed_samples(8)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    constexpr std::uint64_t count = 20'000;
    std::vector<std::atomic<int>> times(count);
    std::atomic<std::uint64_t> received{0};
    std::atomic<bool> whole{true};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            while (received < count) {
                const auto sample = subscriber.receive();
                if (!sample || !*sample) {
                    std::this_thread::yield();
                    continue;
                }
                if (!is_whole(**sample.value())) whole = false;
                ++times[(*sample)->payload().front()];
                ++received;
            }
        });
    for (std::uint64_t i = 0; i < count; ++i) publisher.send_copy(filled(i)).value();
    for (auto& thread : threads) thread.join();
    CHECK(whole);
    CHECK(std::all_of(times.begin(), times.end(), [](const auto& n) { return n == 1; }));
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("threads of one subscriber survive a publisher that overwrites, comes and goes",
          "[pubsub][threads]") {
    World world;
    auto service =
        world.node.service_builder("shared").publish_subscribe<Wide>().max_publishers(2).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    std::atomic<bool> stop{false};
    std::atomic<bool> whole{true};
    std::atomic<std::uint64_t> received{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            std::optional<ipc::Sample<Wide>> held;
            while (!stop) {
                auto sample = subscriber.receive();
                if (!sample || !*sample) {
                    held.reset();
                    std::this_thread::yield();
                    continue;
                }
                if (!is_whole(***sample)) whole = false;
                if (held && !is_whole(**held)) whole = false;
                held.emplace(std::move(**sample));
                ++received;
            }
        });
    // On a busy machine the threads may come late.
    for (int generation = 0; generation < 30 || received == 0; ++generation) {
        auto publisher = service.publisher_builder().create().value();
        for (std::uint64_t i = 0; i < 300; ++i) publisher.send_copy(filled(i)).value();
    }
    stop = true;
    for (auto& thread : threads) thread.join();
    CHECK(whole);
}

TEST_CASE("what threads of one subscriber did not receive they missed", "[pubsub][threads]") {
    World world;
    auto other = node_at(world.broker.socket(), "other");
    const auto service_of = [](ipc::Node& node) {
        return node.service_builder("shared")
            .publish_subscribe<Wide>()
            .subscriber_max_buffer_size(4)
            .subscriber_max_borrowed_samples(4)
            .open_or_create()
            .value();
    };
    auto subscriber = service_of(world.node).subscriber_builder().create().value();
    auto service = service_of(other);
    std::uint64_t sent = 0;
    {
        auto publisher = service.publisher_builder().create().value();
        while (sent < 100) send(publisher, filled(++sent), 1);
    }
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> received{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            while (!stop)
                if (const auto sample = subscriber.receive(); sample && *sample) ++received;
        });
    // No more than there is room for, so that each of these is received; and each time it was the last.
    bool all_accounted_for = true;
    for (int generation = 0; generation < 200 && all_accounted_for; ++generation) {
        auto publisher = service.publisher_builder().create().value();
        for (int i = 0; i < 4; ++i) send(publisher, filled(++sent), 1);
        { const auto gone = std::move(publisher); }
        all_accounted_for = harness::eventually([&] { return received + subscriber.missed() == sent; });
    }
    stop = true;
    for (auto& thread : threads) thread.join();
    CHECK(all_accounted_for);
    CHECK(received + subscriber.missed() == sent);
    CHECK(subscriber.missed() == 96);
}

TEST_CASE("samples may be released by another thread than received them", "[pubsub][threads]") {
    World world;
    auto service = world.node.service_builder("n").publish_subscribe<Wide>().create().value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    for (std::uint64_t i = 0; i < 200; ++i) {
        send(publisher, filled(i), 1);
        std::thread{[sample = std::move(*subscriber.receive().value())] { (void)sample->front(); }}.join();
    }
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("a publisher that was built thread_safe is shared by threads", "[pubsub][threads]") {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<Wide>()
                       .subscriber_max_buffer_size(8192)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().thread_safe(true).max_loaned_samples(8).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::uint64_t i = 0; i < 2000; ++i) {
                auto loan = publisher.loan().value();
                loan.payload_mut() = filled(t * 2000 + i);
                std::move(loan).send().value();
            }
        });
    for (auto& thread : threads) thread.join();
    std::vector<int> times(8000);
    while (const auto sample = subscriber.receive().value()) {
        REQUIRE(is_whole(**sample));
        ++times[(*sample)->front()];
    }
    CHECK(std::all_of(times.begin(), times.end(), [](int n) { return n == 1; }));
}

TEST_CASE("sixty-four subscribers all get every sample", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("wide")
                       .publish_subscribe<Wide>()
                       .max_subscribers(64)
                       .subscriber_max_buffer_size(4)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    std::vector<ipc::Subscriber<Wide>> subscribers;
    for (int i = 0; i < 64; ++i) subscribers.push_back(service.subscriber_builder().create().value());
    for (std::uint64_t i = 0; i < 50; ++i) {
        send(publisher, filled(i), 64);
        for (auto& subscriber : subscribers) REQUIRE(subscriber.receive().value()->payload().front() == i);
    }
    CHECK(service.subscriber_builder().create().error() ==
          ipc::SubscriberCreateError::ExceedsMaxSupportedSubscribers);
}

TEST_CASE("publishers are served in turn", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<std::uint64_t>()
                       .max_publishers(3)
                       .subscriber_max_buffer_size(10)
                       .create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();
    std::vector<ipc::Publisher<std::uint64_t>> publishers;
    for (int i = 0; i < 3; ++i) publishers.push_back(service.publisher_builder().create().value());
    for (std::uint64_t p = 0; p < 3; ++p)
        for (std::uint64_t i = 0; i < 10; ++i) send(publishers[p], p, 1);
    for (int i = 0; i < 10; ++i) {
        std::uint64_t seen = 0;
        for (int p = 0; p < 3; ++p) seen |= std::uint64_t{1} << **subscriber.receive().value();
        CHECK(seen == 7);
    }
}
