// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

struct Pose {
    std::array<double, 6> values;
};
struct alignas(256) Aligned {
    std::uint64_t number;
};
struct Frame {
    std::array<std::uint64_t, 4096> pixels;
};
struct Origin {
    std::uint32_t camera = 7;
    std::uint32_t exposure = 0;
};

bool is_aligned(const void* address, std::size_t alignment) {
    return reinterpret_cast<std::uintptr_t>(address) % alignment == 0;
}

template <class Payload>
auto pair_of(World& world, const char* name) {
    auto service = world.node.service_builder(name).publish_subscribe<Payload>().create().value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    return std::pair{std::move(publisher), std::move(subscriber)};
}

}  // namespace

TEST_CASE("a sample that is sent is received, in its slot and by reference", "[pubsub]") {
    World world;
    auto [numbers_out, numbers_in] = pair_of<std::uint64_t>(world, "numbers");
    auto [poses_out, poses_in] = pair_of<Pose>(world, "poses");
    auto [frames_out, frames_in] = pair_of<Frame>(world, "frames");
    for (std::uint64_t i = 0; i < 1000; ++i) {
        send(numbers_out, i, 1);
        auto pose = poses_out.loan().value();
        pose->values[5] = static_cast<double>(i);
        REQUIRE(std::move(pose).send().value() == 1);
        auto frame = frames_out.loan_uninit().value();
        REQUIRE(std::move(frame)
                    .write_from_fn([&](Frame& pixels) {
                        pixels.pixels.front() = i;
                        pixels.pixels.back() = i + 1;
                    })
                    .send()
                    .value() == 1);
        REQUIRE(**numbers_in.receive().value() == i);
        REQUIRE(poses_in.receive().value()->payload().values[5] == static_cast<double>(i));
        const auto received = frames_in.receive().value();
        REQUIRE((*received)->pixels.front() == i);
        REQUIRE((*received)->pixels.back() == i + 1);
    }
    CHECK_FALSE(numbers_in.receive().value().has_value());
    CHECK(numbers_in.missed() == 0);
}

TEST_CASE("a loan is value-initialised unless it was asked to be left alone", "[pubsub]") {
    World world;
    auto [publisher, subscriber] = pair_of<Frame>(world, "frames");
    for (int i = 0; i < 8; ++i) {
        auto dirty = publisher.loan_uninit().value();
        dirty.payload_mut()->pixels.fill(1);
        std::move(dirty).assume_init().send().value();
        (void)subscriber.receive().value();
        CHECK(publisher.loan().value()->pixels[4095] == 0);
    }
}

TEST_CASE("the header tells publisher, sequence number and number of elements", "[pubsub]") {
    World world;
    auto [publisher, subscriber] = pair_of<std::uint64_t>(world, "numbers");
    for (std::uint64_t i = 1; i < 4; ++i) {
        send(publisher, i, 1);
        const auto sample = subscriber.receive().value();
        CHECK(sample->header().publisher_id() == publisher.id());
        CHECK(sample->header().sequence_number() == i);
        CHECK(sample->header().number_of_elements() == 1);
        CHECK_FALSE(sample->header().timestamp().has_value());
    }
    CHECK_FALSE(publisher.id() == subscriber.id());
}

TEST_CASE("user headers travel with the sample, and begin as their type says", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("framed")
                       .publish_subscribe<Frame>()
                       .user_header<Origin>()
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto sample = publisher.loan().value();
    CHECK(sample.user_header().camera == 7);
    sample.user_header_mut().exposure = 12;
    std::move(sample).send().value();
    const auto received = subscriber.receive().value();
    CHECK(received->user_header().camera == 7);
    CHECK(received->user_header().exposure == 12);
    CHECK(publisher.loan_uninit().value().user_header_mut().exposure == 0);
}

TEST_CASE("payloads are as aligned as their type and their service say", "[pubsub]") {
    World world;
    auto [publisher, subscriber] = pair_of<Aligned>(world, "aligned");
    auto pages = world.node.service_builder("pages")
                     .publish_subscribe<std::uint64_t>()
                     .payload_alignment(1024)
                     .create()
                     .value();
    auto page_publisher = pages.publisher_builder().create().value();
    auto page_subscriber = pages.subscriber_builder().create().value();
    for (int i = 0; i < 5; ++i) {
        auto loan = publisher.loan().value();
        CHECK(is_aligned(&loan.payload(), 256));
        std::move(loan).send().value();
        CHECK(is_aligned(&subscriber.receive().value()->payload(), 256));
        auto page = page_publisher.loan().value();
        CHECK(is_aligned(&page.payload(), 1024));
        std::move(page).send().value();
        CHECK(is_aligned(&page_subscriber.receive().value()->payload(), 1024));
    }
}

TEST_CASE("timestamps lie between loan and receive, where the service has them", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("timed")
                       .publish_subscribe<std::uint64_t>()
                       .enable_timestamps(true)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    const auto before = std::chrono::steady_clock::now();
    send(publisher, std::uint64_t{3}, 1);
    const auto sample = subscriber.receive().value();
    REQUIRE(sample->header().timestamp().has_value());
    CHECK(*sample->header().timestamp() >= before);
    CHECK(*sample->header().timestamp() <= std::chrono::steady_clock::now());
    CHECK(**sample == 3);
}

TEST_CASE("a sample keeps its address while it is moved, and its content while others come", "[pubsub]") {
    World world;
    auto [publisher, subscriber] = pair_of<std::uint64_t>(world, "numbers");
    send(publisher, std::uint64_t{1}, 1);
    auto held = std::move(*subscriber.receive().value());
    const std::uint64_t* const address = &held.payload();
    std::vector<ipc::Sample<std::uint64_t>> elsewhere;
    elsewhere.push_back(std::move(held));
    for (std::uint64_t i = 2; i < 100; ++i) {
        send(publisher, i, 1);
        REQUIRE(**subscriber.receive().value() == i);
    }
    CHECK(&elsewhere.front().payload() == address);
    CHECK(*elsewhere.front() == 1);
}

TEST_CASE("samples and loans outlive publisher, subscriber, service and node", "[pubsub]") {
    harness::BrokerProcess broker;
    auto other = node_at(broker.socket());
    auto other_service = other.service_builder("frames").publish_subscribe<Frame>().create().value();
    auto other_subscriber = other_service.subscriber_builder().create().value();
    std::optional<ipc::Sample<Frame>> sample;
    std::optional<ipc::SampleMut<Frame>> loan;
    {
        auto node = node_at(broker.socket());
        auto service = node.service_builder("frames").publish_subscribe<Frame>().open().value();
        auto publisher = service.publisher_builder().create().value();
        auto subscriber = service.subscriber_builder().create().value();
        auto sent = publisher.loan().value();
        sent->pixels.fill(11);
        REQUIRE(std::move(sent).send().value() == 2);
        sample = std::move(*subscriber.receive().value());
        loan = publisher.loan().value();
    }
    CHECK((*sample)->pixels[4095] == 11);
    CHECK((*loan)->pixels[0] == 0);
    (*loan)->pixels.fill(12);
    CHECK((*sample)->pixels[0] == 11);
    // The other subscriber, and the one whose sample is held and that takes nothing more.
    CHECK(std::move(*loan).send().value() >= 1);
    loan.reset();
    CHECK(next(other_subscriber)->pixels[1] == 11);
    CHECK(next(other_subscriber)->pixels[1] == 12);
    CHECK((*sample)->pixels[4095] == 11);
}

TEST_CASE("a publisher and a subscriber of one process may come in any order and go in any order",
          "[pubsub]") {
    World world;
    auto service = world.node.service_builder("numbers").publish_subscribe<std::uint64_t>().create().value();
    for (std::uint64_t i = 0; i < 20; ++i) {
        auto subscriber = service.subscriber_builder().create().value();
        auto publisher =
            std::make_unique<ipc::Publisher<std::uint64_t>>(service.publisher_builder().create().value());
        send(*publisher, i, 1);
        if (i % 2 == 0) publisher.reset();
        CHECK(**subscriber.receive().value() == i);
        if (i % 3 == 0) {
            auto late = service.subscriber_builder().create().value();
            CHECK_FALSE(late.receive().value().has_value());
        }
    }
}
