// SPDX-License-Identifier: Apache-2.0
// Payloads of any number of elements.
#include "catch.hpp"
#include "layout/sample.hpp"
#include "pubsub/world.hpp"

#include <cstdint>
#include <cstring>
#include <deque>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

using SliceOfNumbers = ipc::Slice<std::uint64_t>;

std::vector<std::uint64_t> numbers(std::size_t count, std::uint64_t first = 1) {
    std::vector<std::uint64_t> result(count);
    std::iota(result.begin(), result.end(), first);
    return result;
}

template <class Sample>
std::vector<std::uint64_t> content(const Sample& sample) {
    return {sample.payload().begin(), sample.payload().end()};
}

auto slices(ipc::Node& node, const std::string& name = "slices") {
    return node.service_builder(name).publish_subscribe<SliceOfNumbers>();
}

ACTOR(publisher_of_slices) {
    auto node = ipc::NodeBuilder{}.create().value();
    auto service = slices(node).open().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(1000).create().value();
    for (std::size_t length = 0; length <= 1000; length = 2 * length + 1)
        publisher.send_slice_copy(numbers(length)).value();
    (void)test.hear();
    return 0;
}

}  // namespace

TEST_CASE("slices of any length arrive whole, in their slots, by reference, and empty", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(5000).create().value();
    // A slot has room for 12 of these.
    for (const std::size_t length : {0u, 1u, 2u, 5u, 11u, 12u, 13u, 14u, 100u, 12u, 4999u, 5000u, 0u, 1u}) {
        CHECK(publisher.send_slice_copy(numbers(length, length)).value() == 1);
        const auto sample = next(subscriber);
        CHECK(sample.header().number_of_elements() == length);
        CHECK(content(sample) == numbers(length, length));
        CHECK((*sample).size() == length);
    }
}

TEST_CASE("slices arrive from another process", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).subscriber_max_buffer_size(20).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    harness::Actor actor{"publisher_of_slices", {}, world.broker.environment()};
    for (std::size_t length = 0; length <= 1000; length = 2 * length + 1)
        CHECK(content(next(subscriber)) == numbers(length));
}

TEST_CASE("a slice is written in place, by a function, or out of another", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(20).create().value();

    auto by_index = publisher.loan_slice_uninit(4).value();
    std::move(by_index).write_from_fn([](std::size_t i) { return 10 * i; }).send().value();
    CHECK(content(next(subscriber)) == std::vector<std::uint64_t>{0, 10, 20, 30});

    auto in_place = publisher.loan_slice_uninit(3).value();
    std::move(in_place)
        .write_from_fn([](std::span<std::uint64_t> all) { std::fill(all.begin(), all.end(), 7U); })
        .send()
        .value();
    CHECK(content(next(subscriber)) == std::vector<std::uint64_t>{7, 7, 7});

    auto copied = publisher.loan_slice_uninit(5).value();
    std::move(copied).write_from_slice(numbers(3)).send().value();  // the rest is 0
    CHECK(content(next(subscriber)) == std::vector<std::uint64_t>{1, 2, 3, 0, 0});

    auto written = publisher.loan_slice(20).value();
    CHECK(content(written) == std::vector<std::uint64_t>(20, 0));
    written.payload_mut().back() = 1;
    (*written).front() = 2;
    std::move(written).send().value();
    const auto sample = next(subscriber);
    CHECK(sample.payload().front() == 2);
    CHECK(sample.payload().back() == 1);

    auto raw = publisher.loan_slice_uninit(1).value();
    raw.payload_mut()[0] = 9;
    std::move(raw).assume_init().send().value();
    CHECK(content(next(subscriber)) == std::vector<std::uint64_t>{9});
}

TEST_CASE("a loan longer than initial_max_slice_len is refused, and costs nothing", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).create().value();
    auto publisher =
        service.publisher_builder().initial_max_slice_len(10).max_loaned_samples(1).create().value();
    const auto huge = GENERATE(as<std::uint64_t>{}, 11, std::uint64_t{1} << 61, ~std::uint64_t{0});
    CHECK(publisher.loan_slice(huge).error() == ipc::LoanError::ExceedsMaxLoanSize);
    CHECK(publisher.send_slice_copy(numbers(11)).error() == ipc::SendError::ExceedsMaxLoanSize);
    CHECK(ipc::to_string(ipc::SendError::ExceedsMaxLoanSize) == "ExceedsMaxLoanSize");
    CHECK(publisher.loan_slice(10).has_value());
    auto single = service.publisher_builder().create().value();
    CHECK(single.loan_slice(1).has_value());
    CHECK(single.loan_slice(2).error() == ipc::LoanError::ExceedsMaxLoanSize);
}

TEST_CASE("slices of all lengths mixed never run out of memory", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).history_size(3).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(100).create().value();
    std::deque<decltype(next(subscriber))> held;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const std::size_t length = i * 37 % 101;
        REQUIRE(publisher.send_slice_copy(numbers(length, i)).value() == 1);
        if (i % 3 != 0) continue;  // what nobody receives is lost
        if (held.size() == 2) held.pop_front();
        held.push_back(next(subscriber));
        const auto& front = held.front().payload();
        REQUIRE((front.empty() || front.back() == front.front() + front.size() - 1));
    }
}

TEST_CASE("a late joiner gets slices of all lengths out of the history", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).history_size(5).subscriber_max_borrowed_samples(5).create().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(600).create().value();
    const std::vector<std::size_t> lengths{600, 3, 0, 50, 12, 13, 599};
    for (const std::size_t length : lengths) publisher.send_slice_copy(numbers(length)).value();
    auto subscriber = service.subscriber_builder().create().value();
    std::vector<decltype(next(subscriber))> held;
    for (std::size_t i = 2; i < lengths.size(); ++i) {
        held.push_back(next(subscriber));
        CHECK(held.back().header().number_of_elements() == lengths[i]);
    }
    for (std::size_t i = 2; i < lengths.size(); ++i) CHECK(content(held[i - 2]) == numbers(lengths[i]));
}

TEST_CASE("slices have user headers, timestamps and the alignment that was asked for", "[pubsub][slice]") {
    struct Header {
        std::uint32_t kind = 5;
        std::uint16_t more = 6;
    };
    World world;
    auto service = slices(world.node)
                       .user_header<Header>()
                       .payload_alignment(1024)
                       .enable_timestamps(true)
                       .create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(300).create().value();
    for (const std::size_t length : {0u, 1u, 300u}) {
        auto loan = publisher.loan_slice_uninit(length).value();
        CHECK(loan.user_header_mut().more == 6);
        loan.user_header_mut().kind = static_cast<std::uint32_t>(length);
        std::move(loan).write_from_slice(numbers(length)).send().value();
        const auto sample = next(subscriber);
        CHECK(sample.user_header().kind == length);
        CHECK(sample.header().timestamp().has_value());
        CHECK(content(sample) == numbers(length));
        CHECK(reinterpret_cast<std::uintptr_t>(sample.payload().data()) % 1024 == 0);
    }
}

TEST_CASE("a service of slices is not one of their element", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).create().value();
    CHECK(service.static_config().payload.variant == ipc::TypeVariant::Dynamic);
    const auto other = world.node.service_builder("slices").publish_subscribe<std::uint64_t>().open();
    CHECK(other.error().code() == ipc::PublishSubscribeOpenError::IncompatibleTypes);
    CHECK_THAT(other.error().message(),
               Catch::Matchers::Contains("fixed_size") && Catch::Matchers::Contains("dynamic"));
    CHECK(slices(world.node).open().has_value());
}

TEST_CASE("slices whose type is described at run time", "[pubsub][slice]") {
    World world;
    const ipc::TypeDetail type{
        .name = "Point", .size = 12, .alignment = 4, .variant = ipc::TypeVariant::Dynamic};
    auto service = world.node.service_builder("points").publish_subscribe(type).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().initial_max_slice_len(50).create().value();
    CHECK(publisher.payload_size() == 12);
    auto loan = publisher.loan_slice(50).value();
    CHECK(loan.number_of_elements() == 50);
    CHECK(loan.payload_size() == 600);
    std::memset(loan.payload(), 3, 600);
    std::move(loan).send().value();
    const auto sample = next(subscriber);
    CHECK(sample.number_of_elements() == 50);
    CHECK(sample.payload_size() == 600);
    CHECK(std::string(static_cast<const char*>(sample.payload()), 600) == std::string(600, 3));
    publisher.send_slice_copy(nullptr, 0).value();
    CHECK(next(subscriber).payload_size() == 0);
    CHECK(std::move(publisher.loan().value()).send().value() == 1);
    CHECK(next(subscriber).payload_size() == 12);
    CHECK(publisher.loan_slice(51).error() == ipc::LoanError::ExceedsMaxLoanSize);
}

TEST_CASE("what is no slice has no length", "[pubsub][slice]") {
    World world;
    const ipc::TypeDetail fixed{.name = "Point", .size = 12, .alignment = 4};
    auto service = world.node.service_builder("point").publish_subscribe(fixed).create().value();
    auto publisher = service.publisher_builder().create().value();
    CHECK(publisher.loan_slice(1).has_value());
    CHECK(publisher.loan_slice(0).error() == ipc::LoanError::ExceedsMaxLoanSize);
    CHECK(publisher.loan_slice(2).error() == ipc::LoanError::ExceedsMaxLoanSize);
    const auto refused = service.publisher_builder().initial_max_slice_len(5).create();
    CHECK(refused.error().code() == ipc::PublisherCreateError::InvalidSetting);
    CHECK_THAT(refused.error().message(), Catch::Matchers::Contains("fixed size"));
}

TEST_CASE("a slice's segment that cannot be is refused with both numbers", "[pubsub][slice]") {
    World world;
    auto service = slices(world.node).create().value();
    const auto length = GENERATE(as<std::uint64_t>{}, 0, std::uint64_t{1} << 37, ~std::uint64_t{0});
    CHECK(service.publisher_builder().initial_max_slice_len(length).create().error().code() ==
          ipc::PublisherCreateError::InvalidSetting);
    CHECK(service.publisher_builder().create().has_value());
}

TEST_CASE("a slice's block says its length first", "[pubsub][slice]") {
    namespace layout = ipc::layout;
    using Block = layout::Sample;
    constexpr Block plain = layout::sample({.type = {8, 8}, .is_slice = true}, {}, false);
    STATIC_REQUIRE(plain.elements_offset == 0);
    STATIC_REQUIRE(plain.payload_offset == 8);
    STATIC_REQUIRE(plain.size == 8);
    STATIC_REQUIRE(plain.slot_room() == Block::large_room);
    STATIC_REQUIRE((plain.fits(12, Block::large_room) && !plain.fits(13, Block::large_room)));
    STATIC_REQUIRE_FALSE(plain.fits(0, 7));
    STATIC_REQUIRE_FALSE(plain.fits(std::uint64_t{1} << 61, ~std::uint64_t{0} - 1));
    STATIC_REQUIRE(plain.size_of(layout::beyond_all_sizes) == layout::beyond_all_sizes);
    constexpr Block full = layout::sample({.type = {3, 1}, .is_slice = true}, {4, 4}, true);
    STATIC_REQUIRE(full.elements_offset == 8);
    STATIC_REQUIRE(full.user_header_offset == 16);
    STATIC_REQUIRE(full.payload_offset == 20);
    STATIC_REQUIRE(full.size_of(2) == 32);
    // Elements that no slot has room for.
    STATIC_REQUIRE(layout::sample({.type = {104, 8}, .is_slice = true}, {}, false).slot_room() == 0);
}
