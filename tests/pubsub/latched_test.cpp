// SPDX-License-Identifier: Apache-2.0
// What publishers of a latched service sent last outlives them.
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

using Numbers = std::vector<std::uint64_t>;

auto latched(const ipc::Node& node) {
    return node.service_builder("latched")
        .publish_subscribe<Large>()
        .latched(true)
        .history_size(3)
        .subscriber_max_buffer_size(4)
        .max_publishers(2)
        .open_or_create()
        .value();
}

Large large(std::uint64_t number) {
    Large payload;
    payload.fill(number);
    return payload;
}

// Everything that is there at once; a torn sample is 0.
template <class Subscriber>
Numbers everything_from(Subscriber& subscriber) {
    Numbers received;
    while (auto sample = subscriber.receive().value()) {
        const Large& payload = **sample;
        const bool whole = std::all_of(payload.begin(), payload.end(),
                                       [&](std::uint64_t word) { return word == payload.front(); });
        received.push_back(whole ? payload.front() : 0);
    }
    return received;
}

template <class Service>
Numbers what_a_joiner_gets(const Service& service, std::optional<std::uint64_t> wanted = {}) {
    auto builder = service.subscriber_builder();
    if (wanted) builder.history_request(*wanted);
    auto subscriber = builder.create().value();
    Numbers received = everything_from(subscriber);
    CHECK(subscriber.missed() == 0);
    return received;
}

// Of several publishers nothing says which comes first.
Numbers sorted(Numbers numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

template <class Service>
bool knows_no_publisher(const Service& service) {
    return harness::eventually([&] { return service.dynamic_config().value().publishers.empty(); });
}

// Sends the numbers that it is told, and goes on until it is told to end, or dies.
ACTOR(leaving_publisher) {
    const auto node = node_at(arguments.at(0), "leaving");
    auto publisher = latched(node).publisher_builder().create().value();
    test.tell("ready");
    for (std::string told = test.hear(); told != "end"; told = test.hear()) {
        publisher.send_copy(large(std::stoull(told))).value();
        test.tell("sent");
    }
    return 0;
}

ACTOR(publisher_without_a_pause) {
    const auto node = node_at(arguments.at(0), "leaving");
    auto publisher = latched(node).publisher_builder().create().value();
    const std::uint64_t first = std::stoull(arguments.at(1));
    for (std::uint64_t number = first;; ++number) {
        publisher.send_copy(large(number)).value();
        if (number == first + 100) test.tell("flows");
    }
}

void send(const harness::Actor& actor, const Numbers& numbers) {
    for (const std::uint64_t number : numbers) {
        actor.tell(std::to_string(number));
        actor.expect("sent");
    }
}

}  // namespace

TEST_CASE("a joiner gets what a publisher sent last that is gone") {
    World world;
    const auto service = latched(world.node);
    CHECK(service.static_config().latched);
    harness::Actor actor{"leaving_publisher", {world.broker.socket()}};
    actor.expect("ready");
    send(actor, {1, 2, 3, 4, 5});
    SECTION("in good order") {
        actor.tell("end");
        REQUIRE(actor.wait().code == 0);
    }
    SECTION("and was killed") {
        actor.kill();
    }
    REQUIRE(knows_no_publisher(service));
    CHECK(what_a_joiner_gets(service) == Numbers{3, 4, 5});
    CHECK(what_a_joiner_gets(service, 1) == Numbers{5});
    CHECK(what_a_joiner_gets(service, 0).empty());
    const auto elsewhere = node_at(world.broker.socket(), "elsewhere");
    CHECK(what_a_joiner_gets(latched(elsewhere)) == Numbers{3, 4, 5});

    // What is new comes behind what was left.
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = latched(elsewhere).publisher_builder().create().value();
    publisher.send_copy(large(6)).value();
    CHECK(sorted(everything_from(subscriber)) == Numbers{3, 4, 5, 6});
}

TEST_CASE("what was left bears its user header and timestamp, and lies as the service says") {
    World world;
    const auto alignment = GENERATE(std::uint64_t{8}, std::uint64_t{4096});
    const bool timestamps = GENERATE(false, true);
    const auto service = world.node.service_builder("described")
                             .publish_subscribe<ipc::Slice<std::uint64_t>>()
                             .user_header<std::uint32_t>()
                             .payload_alignment(alignment)
                             .enable_timestamps(timestamps)
                             .latched(true)
                             .history_size(3)
                             .subscriber_max_borrowed_samples(3)
                             .create()
                             .value();
    const std::size_t lengths[] = {1, 1000, 7};
    {
        auto publisher = service.publisher_builder().initial_max_slice_len(1000).create().value();
        for (const std::size_t length : lengths) {
            auto loan = publisher.loan_slice_uninit(length).value();
            loan.user_header_mut() = static_cast<std::uint32_t>(length + 1);
            std::move(loan).write_from_fn([&](std::size_t i) { return length + i; }).send().value();
        }
    }
    REQUIRE(knows_no_publisher(service));
    auto subscriber = service.subscriber_builder().create().value();
    for (const std::size_t length : lengths) {
        const auto sample = next(subscriber);
        const auto payload = sample.payload();
        REQUIRE(payload.size() == length);
        for (std::size_t i = 0; i < length; ++i) REQUIRE(payload[i] == length + i);
        CHECK(sample.user_header() == length + 1);
        CHECK(sample.header().timestamp().has_value() == timestamps);
        CHECK(reinterpret_cast<std::uintptr_t>(payload.data()) % alignment == 0);
    }
    CHECK_FALSE(subscriber.receive().value().has_value());
}

TEST_CASE("who was connected to a publisher gets nothing of it twice") {
    World world;
    const auto service = latched(world.node);
    harness::Actor actor{"leaving_publisher", {world.broker.socket()}};
    actor.expect("ready");
    send(actor, {1, 2});
    auto subscriber = service.subscriber_builder().create().value();
    send(actor, {3});
    actor.kill();
    REQUIRE(knows_no_publisher(service));
    CHECK(everything_from(subscriber) == Numbers{1, 2, 3});
    CHECK(everything_from(subscriber).empty());
}

TEST_CASE(
    "a publisher that is killed while it publishes leaves samples that are whole, and follow each other") {
    World world;
    const auto service = latched(world.node);
    for (std::uint64_t round = 1; round <= 5; ++round) {
        const std::uint64_t first = round * 1'000'000'000;
        harness::Actor actor{"publisher_without_a_pause", {world.broker.socket(), std::to_string(first)}};
        actor.expect("flows");
        actor.kill();
        REQUIRE(knows_no_publisher(service));
        const Numbers left = sorted(what_a_joiner_gets(service));
        // Of the rounds before, one is kept beside it: the last three are of this one.
        REQUIRE(left.size() == (round == 1 ? 3 : 6));
        CHECK(left.front() != 0);
        CHECK(left[left.size() - 1] == left[left.size() - 2] + 1);
        CHECK(left[left.size() - 2] == left[left.size() - 3] + 1);
        CHECK(left.back() >= first + 100);
    }
}

TEST_CASE("of so many publishers as there may be what they left is kept, and the oldest makes room") {
    World world;
    const auto service = latched(world.node);
    const auto leave = [&](const Numbers& numbers) {
        auto publisher = service.publisher_builder().create().value();
        for (const std::uint64_t number : numbers) publisher.send_copy(large(number)).value();
    };
    leave({1});
    leave({2, 3});
    leave({});  // has nothing to leave, and takes nobody's place
    CHECK(sorted(what_a_joiner_gets(service)) == Numbers{1, 2, 3});
    leave({4});
    CHECK(sorted(what_a_joiner_gets(service)) == Numbers{2, 3, 4});
    const auto details = ipc::Service::details("latched", harness::config_for(world.broker.socket())).value();
    CHECK(details->summary.publishers == 0);
}

TEST_CASE("what was left goes with the service") {
    World world;
    {
        const auto service = latched(world.node);
        service.publisher_builder().create().value().send_copy(large(1)).value();
        CHECK(what_a_joiner_gets(service) == Numbers{1});
    }
    CHECK(what_a_joiner_gets(latched(world.node)).empty());

    // One who leaves the service, which lives on, and comes again has it as everybody has it.
    const auto other = node_at(world.broker.socket(), "other");
    const auto alive = latched(other);
    alive.publisher_builder().create().value().send_copy(large(2)).value();
    CHECK(what_a_joiner_gets(latched(world.node)) == Numbers{2});
    CHECK(what_a_joiner_gets(latched(world.node)) == Numbers{2});
}

TEST_CASE("what was left counts towards the quota of who published it") {
    constexpr const char* quotas = R"({"quota": {"user": {"segment_bytes": 8388608}}})";
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = quotas}};
    const auto node = node_at(broker.socket());
    const auto publisher_of = [&](std::uint64_t loans) {
        return latched(node).publisher_builder().max_loaned_samples(loans).create();
    };
    const auto service = latched(node);
    publisher_of(1'000).value().send_copy(large(1)).value();  // 4 MiB are left
    const auto refused = publisher_of(1'000);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == ipc::PublisherCreateError::ExceedsQuota);
    CHECK(what_a_joiner_gets(service) == Numbers{1});
    publisher_of(10).value().send_copy(large(2)).value();
    publisher_of(10).value().send_copy(large(3)).value();  // the large one makes room
    CHECK(publisher_of(1'000));
}

TEST_CASE("a service is latched or not, and says so, and has to have a history for it") {
    World world;
    const auto service = latched(world.node);
    const auto builder = [&](const char* name) {
        return world.node.service_builder(name).publish_subscribe(ipc::type_detail<Large>());
    };
    const auto refused = builder("latched").latched(false).open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == ipc::PublishSubscribeOpenError::IncompatibleLatching);
    CHECK(refused.error().message().find("latched on") != std::string::npos);
    const auto without = builder("nothing to keep").latched(true).create();
    REQUIRE_FALSE(without);
    CHECK(without.error() == ipc::PublishSubscribeCreateError::InvalidSetting);
    CHECK(without.error().message().find("history_size") != std::string::npos);

    // Of ports whose types are described at run time it is no different.
    const auto untyped = builder("latched").latched(true).open().value();
    service.publisher_builder().create().value().send_copy(large(7)).value();
    auto subscriber = untyped.subscriber_builder().create().value();
    const auto sample = subscriber.receive().value();
    REQUIRE(sample);
    CHECK(*static_cast<const std::uint64_t*>(sample->payload()) == 7);
}
