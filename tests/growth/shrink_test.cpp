// SPDX-License-Identifier: Apache-2.0
// What emptied is given back, and no more is held than was in flight at once.
#include "catch.hpp"
#include "growth/world.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <random>
#include <set>
#include <string>

using namespace growth;

namespace {

auto varying_service(const ipc::Node& node) {
    return node.service_builder("varying")
        .publish_subscribe<Slice>()
        .max_subscribers(2)
        .open_or_create()
        .value();
}

ACTOR(reader_of_varying_slices) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = varying_service(node).subscriber_builder().create().value();
    test.tell("ready");
    while (true) {
        const std::string length = test.hear();
        if (length == "end") return 0;
        auto sample = next(subscriber);
        if (sample.payload().size() != std::stoull(length)) return 1;
        { const auto over = std::move(sample); }
        test.tell("received");
    }
}

// Bytes of memory behind the data segments that this process has open, each once.
std::uint64_t resident_bytes() {
    std::uint64_t bytes = 0;
    std::set<ino_t> seen;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code error;
        const auto target = std::filesystem::read_symlink(entry.path(), error);
        if (error || target.string().find("memfd:ipc-data") == std::string::npos) continue;
        struct stat status {};
        if (::stat(entry.path().c_str(), &status) == 0 && seen.insert(status.st_ino).second)
            bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return bytes;
}

std::uint64_t rounded_up(std::uint64_t bytes, AllocationStrategy strategy) {
    return strategy == AllocationStrategy::BestFit ? bytes + bytes / 8 : 2 * bytes;
}

constexpr std::uint64_t small = 100;                       // bytes
constexpr std::uint64_t large = std::uint64_t{100} << 20;  // likewise
// Pages at the ends of segments, and what a segment of small chunks has beside those that are in flight.
constexpr std::uint64_t slack = std::uint64_t{4} << 20;

}  // namespace

TEST_CASE(
    "slices between 100 bytes and 100 MiB hold no more than was in flight at once, and what emptied is "
    "given back",
    "[growth]") {
    const auto strategy = GENERATE(AllocationStrategy::BestFit, AllocationStrategy::PowerOfTwo);
    World world;
    auto service = varying_service(world.node);
    auto publisher =
        service.publisher_builder().initial_max_slice_len(20).allocation_strategy(strategy).create().value();
    harness::Actor reader{"reader_of_varying_slices", {world.broker.socket()}};
    reader.expect("ready");
    const auto exchange = [&](std::uint64_t bytes) {
        const std::size_t length = bytes / sizeof(std::uint64_t);
        auto loan = publisher.loan_slice_uninit(length).value();
        // Every page: what is paid for is what a program uses.
        for (std::size_t i = 0; i < length; i += 512) loan.payload_mut()[i] = i;
        std::move(loan).assume_init().send().value();
        reader.tell(std::to_string(length));
        reader.expect("received");
    };
    exchange(small);
    const std::size_t descriptors = harness::open_descriptors(::getpid());
    const std::size_t in_broker = harness::open_descriptors(world.broker.pid());
    const std::size_t mapped_here = mapped_segments(::getpid());
    const std::size_t mapped_there = mapped_segments(reader.process.pid());

    std::mt19937_64 random{7};
    std::uniform_real_distribution<double> exponent{std::log(static_cast<double>(small)),
                                                    std::log(static_cast<double>(large))};
    std::uint64_t most = 0;
    for (int i = 0; i < 60; ++i) {
        const auto bytes = i == 30 ? large : static_cast<std::uint64_t>(std::exp(exponent(random)));
        exchange(bytes);
        most = std::max(most, bytes);
        INFO(nlohmann::json(further_segments(world.broker.socket())).dump());
        REQUIRE(resident_bytes() <= rounded_up(most, strategy) + slack);
    }
    // Nothing long for a while: what is still there goes by itself.
    for (int i = 0; i < 1000; ++i) exchange(small);
    CHECK(further_segments(world.broker.socket()).empty());
    CHECK(resident_bytes() <= slack);
    // Of what was counted, the broker may have been about to close some.
    CHECK(eventually([&] { return harness::open_descriptors(::getpid()) <= descriptors; }));
    CHECK(eventually([&] { return harness::open_descriptors(world.broker.pid()) <= in_broker; }));
    CHECK(mapped_segments(::getpid()) == mapped_here);
    CHECK(eventually([&] { return mapped_segments(reader.process.pid()) == mapped_there; }));

    // Or when it is asked for.
    exchange(large);
    CHECK(further_segments(world.broker.socket()).size() == 1);
    publisher.update_connections().value();
    CHECK(eventually([&] { return further_segments(world.broker.socket()).empty(); }));
    CHECK(eventually([&] { return harness::open_descriptors(::getpid()) <= descriptors; }));
    reader.tell("end");
    CHECK(reader.wait() == harness::Ending{.exited = true, .code = 0});
}

TEST_CASE("a stream of slices of one length reuses its memory", "[growth]") {
    World world;
    auto service = varying_service(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    constexpr std::size_t length = 1'000'000;
    send(publisher, 0, length).value();
    CHECK(is_whole(next(subscriber), 0, length));
    const auto segments = further_segments(world.broker.socket());
    const std::uint64_t resident = resident_bytes();
    for (std::uint64_t slice = 1; slice <= 1000; ++slice) {
        auto loan = publisher.loan_slice_uninit(length - slice % 5).value();
        loan.payload_mut().front() = slice;
        std::move(loan).assume_init().send().value();
        REQUIRE(next(subscriber).payload().front() == slice);
    }
    CHECK(further_segments(world.broker.socket()) == segments);
    CHECK(resident_bytes() == resident);
}

TEST_CASE("what is still held is not given back", "[growth]") {
    World world;
    auto service = varying_service(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    send(publisher, 1, 500'000).value();
    auto held = next(subscriber);
    publisher.update_connections().value();
    CHECK(further_segments(world.broker.socket()).size() == 1);
    CHECK(is_whole(held, 1, 500'000));
    { const auto over = std::move(held); }
    publisher.update_connections().value();
    CHECK(eventually([&] { return further_segments(world.broker.socket()).empty(); }));
}
