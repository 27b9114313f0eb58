// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "growth/world.hpp"
#include "harness/huge_pages.hpp"
#include "harness/not_tried.hpp"

#include <deque>
#include <fstream>
#include <memory>
#include <set>
#include <string>

using namespace growth;

namespace {

// Lengths of every kind, short ones in between: in the slot, in the first segment, and in further ones.
std::size_t growing_length(std::uint64_t slice) {
    constexpr std::size_t kinds[] = {1, 70'000, 3, 10, 200, 1'000'000, 12, 5'000, 300'000, 0};
    return kinds[slice % std::size(kinds)] + slice % 7;
}

struct Note {
    std::uint64_t slice = 0;
    std::uint64_t length = 0;
};

auto growing_service(const ipc::Node& node) {
    return node.service_builder("growing")
        .publish_subscribe<Slice>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(4)
        .max_subscribers(16)
        .open_or_create()
        .value();
}

// As this process has mapped them.
std::set<std::string> page_sizes_of_data_segments() {
    std::ifstream maps{"/proc/self/smaps"};
    std::set<std::string> found;
    bool is_data = false;
    for (std::string line; std::getline(maps, line);) {
        if (line.find('-') < line.find(' '))
            is_data = line.find("memfd:ipc-data") != std::string::npos;
        else if (is_data && line.starts_with("KernelPageSize:"))
            found.insert(line.substr(line.find_first_of("0123456789")));
    }
    return found;
}

// Receives as many slices, in order, and checks each element.
ACTOR(reader_of_growing_slices) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = growing_service(node).subscriber_builder().create().value();
    test.tell("ready");
    const std::uint64_t count = std::stoull(arguments.at(1));
    for (std::uint64_t slice = 0; slice < count; ++slice)
        if (!is_whole(next(subscriber), slice, growing_length(slice))) return 1;
    return subscriber.missed() == 0 ? 0 : 2;
}

}  // namespace

TEST_CASE("slices longer than the first segment allows for arrive whole", "[growth]") {
    World world;
    const auto strategy = GENERATE(AllocationStrategy::BestFit, AllocationStrategy::PowerOfTwo);
    auto service = growing_service(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().initial_max_slice_len(100).allocation_strategy(strategy).create().value();
    for (std::uint64_t slice = 0; slice < 100; ++slice) {
        REQUIRE(send(publisher, slice, growing_length(slice)).value() == 1);
        REQUIRE(is_whole(next(subscriber), slice, growing_length(slice)));
    }
    CHECK_FALSE(further_segments(world.broker.socket()).empty());
}

TEST_CASE("a port that does not grow refuses what is too long; one of fixed size cannot grow", "[growth]") {
    World world;
    auto service = growing_service(world.node);
    auto publisher = service.publisher_builder()
                         .initial_max_slice_len(100)
                         .allocation_strategy(AllocationStrategy::Static)
                         .create()
                         .value();
    CHECK(publisher.loan_slice(101).error() == ipc::LoanError::ExceedsMaxLoanSize);
    CHECK(further_segments(world.broker.socket()).empty());
    const ipc::TypeDetail fixed{.name = "Point", .size = 12, .alignment = 4};
    auto points = world.node.service_builder("points").publish_subscribe(fixed).create().value();
    const auto refused = points.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create();
    REQUIRE(!refused);
    CHECK(refused.error().code() == ipc::PublisherCreateError::InvalidSetting);
    CHECK_THAT(refused.error().message(), Catch::Matchers::Contains("allocation_strategy"));
}

TEST_CASE("a length that no segment can hold is too long, and no matter of memory", "[growth]") {
    World world;
    auto publisher = growing_service(world.node)
                         .publisher_builder()
                         .allocation_strategy(AllocationStrategy::PowerOfTwo)
                         .create()
                         .value();
    for (const auto huge : {std::uint64_t{1} << 40, std::uint64_t{1} << 61, ~std::uint64_t{0}})
        CHECK(publisher.loan_slice(huge).error() == ipc::LoanError::ExceedsMaxLoanSize);
    CHECK(publisher.loan_slice(1000).has_value());
}

TEST_CASE("a port in huge pages grows in such", "[growth]") {
    constexpr std::uint64_t enough = 16;
    if (harness::free_huge_pages() < enough) {
        harness::left_out("fewer than 16 huge pages are free (vm.nr_hugepages)");
        return;
    }
    World world;
    auto service = growing_service(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder()
                         .initial_max_slice_len(100)
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .huge_pages(true)
                         .create()
                         .value();
    for (std::uint64_t slice = 0; slice < 20; ++slice) {
        const std::size_t length = 1'000 * slice;
        REQUIRE(send(publisher, slice, length).value() == 1);
        REQUIRE(is_whole(next(subscriber), slice, length));
    }
    const auto sizes = further_segments(world.broker.socket());
    CHECK_FALSE(sizes.empty());
    for (const std::uint64_t size : sizes) CHECK(size % (std::uint64_t{2} << 20) == 0);
    CHECK(page_sizes_of_data_segments() == std::set<std::string>{"2048 kB"});
}

TEST_CASE("a port grows while ten processes read", "[growth]") {
    World world;
    constexpr std::uint64_t count = 200;
    auto service = growing_service(world.node);
    auto publisher = service.publisher_builder()
                         .initial_max_slice_len(100)
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    std::deque<harness::Actor> readers;
    for (int i = 0; i < 10; ++i)
        readers.emplace_back("reader_of_growing_slices",
                             std::vector{world.broker.socket(), std::to_string(count)});
    for (harness::Actor& reader : readers) reader.expect("ready");
    for (std::uint64_t slice = 0; slice < count; ++slice)
        REQUIRE(send(publisher, slice, growing_length(slice)).value() == 10);
    for (harness::Actor& reader : readers) CHECK(reader.wait() == harness::Ending{.exited = true, .code = 0});
}

TEST_CASE("many slices of one length are held at once, in few segments", "[growth]") {
    World world;
    auto service = world.node.service_builder("held")
                       .publish_subscribe<Slice>()
                       .subscriber_max_buffer_size(1)
                       .subscriber_max_borrowed_samples(600)
                       .max_subscribers(1)
                       .create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::PowerOfTwo).create().value();
    std::deque<decltype(next(subscriber))> held;
    constexpr std::size_t length = 200'000;  // 2 MiB each, untouched but for two elements
    for (std::uint64_t slice = 0; slice < 600; ++slice) {
        auto loan = publisher.loan_slice_uninit(length).value();
        loan.payload_mut().front() = slice;
        loan.payload_mut().back() = slice + 1;
        std::move(loan).assume_init().send().value();
        held.push_back(next(subscriber));
    }
    for (std::uint64_t slice = 0; slice < 600; ++slice) {
        REQUIRE(held[slice].payload().front() == slice);
        REQUIRE(held[slice].payload().back() == slice + 1);
    }
    CHECK(further_segments(world.broker.socket()).size() < 40);
}

TEST_CASE("a late joiner gets a history that lies in further segments", "[growth]") {
    World world;
    auto service = world.node.service_builder("history")
                       .publish_subscribe<Slice>()
                       .history_size(5)
                       .subscriber_max_borrowed_samples(5)
                       .create()
                       .value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    for (std::uint64_t slice = 0; slice < 10; ++slice) send(publisher, slice, 1000 * slice).value();
    auto subscriber = service.subscriber_builder().create().value();
    for (std::uint64_t slice = 5; slice < 10; ++slice) CHECK(is_whole(next(subscriber), slice, 1000 * slice));
    send(publisher, 10, 123'456).value();
    CHECK(is_whole(next(subscriber), 10, 123'456));
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("a node without a thread grows", "[growth]") {
    World world;
    auto driven = harness::node_at(world.broker.socket(), "driven", false);
    auto subscriber = growing_service(world.node).subscriber_builder().create().value();
    auto publisher = growing_service(driven)
                         .publisher_builder()
                         .allocation_strategy(AllocationStrategy::PowerOfTwo)
                         .create()
                         .value();
    for (std::uint64_t slice = 0; slice < 30; ++slice) {
        REQUIRE(send(publisher, slice, growing_length(slice)).value() == 1);
        REQUIRE(is_whole(next(subscriber), slice, growing_length(slice)));
    }
}

TEST_CASE("what a port has grown bears user headers and timestamps, and lies as the service says",
          "[growth]") {
    World world;
    const auto alignment = GENERATE(std::uint64_t{8}, std::uint64_t{4096});
    const bool timestamps = GENERATE(false, true);
    const bool prefault = GENERATE(false, true);
    auto service = world.node.service_builder("described")
                       .publish_subscribe<Slice>()
                       .user_header<Note>()
                       .payload_alignment(alignment)
                       .enable_timestamps(timestamps)
                       .create()
                       .value();
    auto subscriber = service.subscriber_builder().prefault(prefault).create().value();
    auto publisher = service.publisher_builder()
                         .prefault(prefault)
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    for (std::uint64_t slice = 0; slice < 30; ++slice) {
        const std::size_t length = growing_length(slice);
        auto loan = publisher.loan_slice_uninit(length).value();
        loan.user_header_mut() = {.slice = slice, .length = length};
        REQUIRE(
            std::move(loan).write_from_fn([&](std::size_t i) { return element(slice, i); }).send().value() ==
            1);
        const auto sample = next(subscriber);
        REQUIRE(is_whole(sample, slice, length));
        REQUIRE(sample.user_header().slice == slice);
        REQUIRE(sample.user_header().length == length);
        REQUIRE(sample.header().timestamp().has_value() == timestamps);
        REQUIRE(reinterpret_cast<std::uintptr_t>(sample.payload().data()) % alignment == 0);
    }
    CHECK_FALSE(further_segments(world.broker.socket()).empty());
}
