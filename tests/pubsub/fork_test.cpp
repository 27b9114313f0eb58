// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/forked_child.hpp"
#include "pubsub/world.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#if HARNESS_CHILD_OF_THREADS_ALLOCATES

using namespace pubsub;

TEST_CASE("in a forked child ports say so, and its destructors touch nothing shared", "[pubsub][fork]") {
    World world;
    auto service = world.node.service_builder("n").publish_subscribe<Large>().create().value();
    std::optional publisher{service.publisher_builder().create().value()};
    std::optional subscriber{service.subscriber_builder().create().value()};
    send(*publisher, Large{1}, 1);
    send(*publisher, Large{2}, 1);
    std::optional held{std::move(*subscriber->receive().value())};
    std::optional loan{publisher->loan().value()};

    auto child = harness::forked([&] {
        if (publisher->loan().has_value()) return 1;
        if (publisher->loan().error() != ipc::LoanError::ForkedProcess) return 2;
        if (publisher->send_copy({}).error() != ipc::SendError::ForkedProcess) return 3;
        if (std::move(*loan).send().error() != ipc::SendError::ForkedProcess) return 4;
        if (subscriber->receive().error() != ipc::ReceiveError::ForkedProcess) return 5;
        if (subscriber->receive(1s).error() != ipc::ReceiveError::ForkedProcess) return 6;
        if (subscriber->has_samples().error() != ipc::ReceiveError::ForkedProcess) return 7;
        if (subscriber->file_descriptor().error() != ipc::FileDescriptorError::ForkedProcess) return 8;
        if (service.publisher_builder().create().error() != ipc::PublisherCreateError::ForkedProcess)
            return 9;
        loan.reset();
        held.reset();
        subscriber.reset();
        publisher.reset();
        return 0;
    });
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 0});

    CHECK((*held)->front() == 1);
    loan->payload_mut() = Large{3};
    CHECK(std::move(*loan).send().value() == 1);
    CHECK(subscriber->receive().value()->payload().front() == 2);
    CHECK(subscriber->receive().value()->payload().front() == 3);
    for (std::uint64_t i = 0; i < 100; ++i) {
        send(*publisher, Large{i}, 1);
        REQUIRE(next(*subscriber)->front() == i);
    }
}

TEST_CASE(
    "a descriptor that was there before the fork is refused in the child, which could swallow a wake-up",
    "[pubsub][fork]") {
    World world;
    auto service = world.node.service_builder("n").publish_subscribe<Large>().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    (void)subscriber.file_descriptor().value();
    auto child = harness::forked([&] {
        if (subscriber.file_descriptor().error() != ipc::FileDescriptorError::ForkedProcess) return 1;
        auto set = ipc::WaitSetBuilder{}.create().value();
        if (set.attach_notification(subscriber).error() != ipc::WaitSetAttachmentError::ForkedProcess)
            return 2;
        return 0;
    });
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 0});
}

#endif
