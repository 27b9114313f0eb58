// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

auto numbers(ipc::Node& node) {
    return node.service_builder("numbers")
        .publish_subscribe<std::uint64_t>()
        .subscriber_max_buffer_size(8)
        .max_publishers(4)
        .open_or_create()
        .value();
}

bool readable(int descriptor, int timeout_ms) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, timeout_ms) == 1;
}

ACTOR(answering) {
    auto node = ipc::NodeBuilder{}.name("answering").create().value();
    auto questions =
        node.service_builder("questions").publish_subscribe<std::uint64_t>().open_or_create().value();
    auto answers =
        node.service_builder("answers").publish_subscribe<std::uint64_t>().open_or_create().value();
    auto publisher = answers.publisher_builder().create().value();
    auto subscriber = questions.subscriber_builder().create().value();
    test.tell("ready");
    const auto count = std::stoull(test.hear());
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto sample = subscriber.receive(patience).value();
        if (!sample) return 1;
        publisher.send_copy(**sample).value();
    }
    return 0;
}

ACTOR(waiting_for_termination) {
    auto node = ipc::NodeBuilder{}.name("waiting").create().value();
    auto subscriber = numbers(node).subscriber_builder().create().value();
    test.tell("ready");
    const auto received = subscriber.receive(patience);
    test.tell(received ? "something" : std::string{to_string(received.error())});
    return 0;
}

// From now on, for this thread.
bool lose_the_barrier() {
    std::array<sock_filter, 4> program{
        sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_membarrier},
        sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOMEM},
        sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
    const sock_fprog filter{.len = program.size(), .filter = program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

ACTOR(without_barrier) {
    auto node = ipc::NodeBuilder{}.name("without").create().value();
    auto subscriber = numbers(node).subscriber_builder().create().value();
    const int descriptor = subscriber.file_descriptor().value();
    if (!lose_the_barrier()) return 1;
    for (int i = 0; i < 3; ++i)
        if (subscriber.receive().value().has_value() || !readable(descriptor, 0)) return 2;
    // And waits look by themselves.
    test.tell("ready");
    return subscriber.receive(patience).value().has_value() ? 0 : 3;
}

}  // namespace

TEST_CASE("waiting gives nothing at the timeout", "[pubsub][waiting]") {
    World world;
    auto subscriber = numbers(world.node).subscriber_builder().create().value();
    CHECK_FALSE(subscriber.receive(0ns).value().has_value());
    CHECK_FALSE(subscriber.receive(1ms).value().has_value());
}

TEST_CASE("two processes that sleep wake each other, again and again", "[pubsub][waiting]") {
    World world;
    auto questions =
        world.node.service_builder("questions").publish_subscribe<std::uint64_t>().open_or_create().value();
    auto answers =
        world.node.service_builder("answers").publish_subscribe<std::uint64_t>().open_or_create().value();
    auto publisher = questions.publisher_builder().create().value();
    auto subscriber = answers.subscriber_builder().create().value();
    harness::Actor actor{"answering", {}, world.broker.environment()};
    actor.expect("ready");
    constexpr std::uint64_t count = 5000;
    actor.tell(std::to_string(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        send(publisher, i, 1);
        REQUIRE(*next(subscriber) == i);
    }
    CHECK(actor.wait() == harness::Ending{.exited = true});
}

TEST_CASE("a publisher that comes while somebody sleeps is heard", "[pubsub][waiting]") {
    World world;
    auto service = numbers(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    // One after the other: what two of them send has no order.
    std::atomic<std::uint64_t> heard{0};
    std::thread publishers{[&] {
        for (std::uint64_t i = 1; i <= 20; ++i) {
            auto publisher = service.publisher_builder().create().value();
            publisher.send_copy(i).value();
            heard.wait(i - 1);
        }
    }};
    for (std::uint64_t i = 1; i <= 20; ++i) {
        CHECK(*next(subscriber) == i);
        heard.store(i);
        heard.notify_one();
    }
    publishers.join();
}

TEST_CASE("no wake-up is lost between many senders and many sleepers", "[pubsub][waiting][threads]") {
    World world;
    auto service = world.node.service_builder("many")
                       .publish_subscribe<std::uint64_t>()
                       .enable_safe_overflow(false)
                       .max_publishers(3)
                       .subscriber_max_borrowed_samples(4)
                       .create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();
    constexpr std::uint64_t each = 3000;
    std::atomic<std::uint64_t> received{0};
    std::atomic<std::uint64_t> sum{0};
    std::vector<std::thread> threads;
    std::vector<ipc::Publisher<std::uint64_t>> publishers;
    for (int i = 0; i < 3; ++i) publishers.push_back(service.publisher_builder().create().value());
    for (auto& publisher : publishers)
        threads.emplace_back([&] {
            for (std::uint64_t i = 1; i <= each; ++i) publisher.send_copy(i).value();
        });
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            while (received < 3 * each)
                if (const auto sample = subscriber.receive(20ms); sample && *sample) {
                    sum += ***sample;
                    ++received;
                }
        });
    for (auto& thread : threads) thread.join();
    CHECK(received == 3 * each);
    CHECK(sum == 3 * each * (each + 1) / 2);
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("the descriptor is readable while something can be received, and quiet when it was",
          "[pubsub][waiting]") {
    World world;
    auto service = numbers(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().create().value();
    const int descriptor = subscriber.file_descriptor().value();
    CHECK(subscriber.file_descriptor().value() == descriptor);
    // Becomes quiet, although it may be readable once more with nothing there.
    const auto becomes_quiet = [&] {
        return harness::eventually([&] {
            while (subscriber.receive().value().has_value()) {
            }
            return !readable(descriptor, 1);
        });
    };
    REQUIRE(becomes_quiet());
    for (std::uint64_t i = 0; i < 200; ++i) {
        send(publisher, i, 1);
        REQUIRE(readable(descriptor, 0));
        send(publisher, i, 1);
        REQUIRE(subscriber.receive().value().has_value());
        REQUIRE(readable(descriptor, 0));  // there is one more
        REQUIRE(subscriber.receive().value().has_value());
        REQUIRE(becomes_quiet());
    }
    auto other = service.publisher_builder().create().value();
    REQUIRE(becomes_quiet());
    send(other, std::uint64_t{1}, 1);
    CHECK(readable(descriptor, 0));
}

TEST_CASE("a request to terminate ends a wait", "[pubsub][waiting]") {
    harness::BrokerProcess broker;
    harness::Actor actor{"waiting_for_termination", {}, broker.environment()};
    actor.expect("ready");
    actor.process.signal(SIGTERM);
    actor.expect("Interrupted");
    CHECK(actor.wait() == harness::Ending{.exited = true});
}

TEST_CASE("a node without a thread is driven while its subscriber waits", "[pubsub][waiting]") {
    harness::BrokerProcess broker;
    auto lazy = node_at(broker.socket(), "lazy", false);
    auto other = node_at(broker.socket(), "other");
    auto subscriber = numbers(lazy).subscriber_builder().create().value();
    std::thread sender{[&] {
        auto publisher = numbers(other).publisher_builder().create().value();
        publisher.send_copy(5).value();
    }};
    CHECK(*next(subscriber) == 5);
    sender.join();
}

TEST_CASE("where the barrier fails later, the descriptor stays readable and waits look by themselves",
          "[pubsub][waiting]") {
    World world;
    auto publisher = numbers(world.node).publisher_builder().create().value();
    harness::Actor actor{"without_barrier", {}, world.broker.environment()};
    actor.expect("ready");
    publisher.send_copy(std::uint64_t{1}).value();
    CHECK(actor.wait() == harness::Ending{.exited = true});
}
