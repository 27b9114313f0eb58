// SPDX-License-Identifier: Apache-2.0
// A further segment that is not granted: OutOfMemory, and everything is as before.
#include "catch.hpp"
#include "growth/world.hpp"
#include "harness/not_tried.hpp"
#include "shm/available_memory.hpp"

#include <vector>

using namespace growth;

namespace {

constexpr std::size_t megabyte = 1 << 17;  // in elements

// A quota that leaves a port room for a few megabytes.
harness::BrokerProcess::Options options_with(const std::string& quota) {
    return {
        .arguments = {}, .environment = {}, .configuration = R"({"quota": {"session": {)" + quota + "}}}"};
}

std::string quota_of_bytes(std::uint64_t more) {
    // What a node and these ports have anyway: counters, record, connections, first segments.
    constexpr std::uint64_t otherwise = std::uint64_t{4} << 20;
    return "\"segment_bytes\": " + std::to_string(otherwise + more);
}

auto refused_service(const ipc::Node& node) {
    return node.service_builder("refused")
        .publish_subscribe<Slice>()
        .subscriber_max_buffer_size(2)
        .max_subscribers(2)
        .open_or_create()
        .value();
}

}  // namespace

TEST_CASE("a quota refuses a further segment, and everything goes on as before", "[growth]") {
    harness::BrokerProcess broker{options_with(quota_of_bytes(20U << 20))};
    auto node = node_at(broker.socket());
    auto service = refused_service(node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder()
                         .initial_max_slice_len(10)
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    REQUIRE(send(publisher, 1, 10 * megabyte).value() == 1);
    const auto held = next(subscriber);
    const auto before = further_segments(broker.socket());
    for (int i = 0; i < 3; ++i) {
        CHECK(publisher.loan_slice_uninit(15 * megabyte).error() == ipc::LoanError::OutOfMemory);
        CHECK(send(publisher, 2, 15 * megabyte).error() == ipc::SendError::OutOfMemory);
    }
    CHECK(further_segments(broker.socket()) == before);
    CHECK(broker.log().find("quota.session.segment_bytes") != std::string::npos);
    CHECK(is_whole(held, 1, 10 * megabyte));
    for (const std::size_t length : {std::size_t{5}, megabyte}) {
        REQUIRE(send(publisher, 3, length).value() == 1);
        CHECK(is_whole(next(subscriber), 3, length));
    }
}

TEST_CASE("what emptied makes room within the quota for another length", "[growth]") {
    harness::BrokerProcess broker{options_with(quota_of_bytes(20U << 20))};
    auto node = node_at(broker.socket());
    auto service = refused_service(node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    for (std::uint64_t slice = 0; slice < 20; ++slice) {
        const std::size_t length = (slice % 2 == 0 ? 15 : 10) * megabyte;
        REQUIRE(send(publisher, slice, length).value() == 1);
        REQUIRE(is_whole(next(subscriber), slice, length));
    }
}

TEST_CASE("a quota of descriptors refuses a further segment", "[growth]") {
    harness::BrokerProcess broker{options_with("\"descriptors\": 8")};
    auto node = node_at(broker.socket());
    auto service = refused_service(node);
    auto publisher = service.publisher_builder()
                         .max_loaned_samples(20)
                         .allocation_strategy(AllocationStrategy::PowerOfTwo)
                         .create()
                         .value();
    std::vector<ipc::SampleMut<Slice>> loans;
    auto refused = ipc::LoanError::ExceedsMaxLoanSize;
    for (std::size_t i = 0; i < 12; ++i) {
        auto loan = publisher.loan_slice(megabyte << i % 4);
        if (loan)
            loans.push_back(std::move(*loan));
        else
            refused = loan.error();
    }
    CHECK(refused == ipc::LoanError::OutOfMemory);
    CHECK(!loans.empty());
    CHECK(loans.size() < 8);
    loans.clear();
    CHECK(publisher.loan_slice(megabyte).has_value());
}

TEST_CASE("memory that this process cannot have is OutOfMemory, and everything goes on as before",
          "[growth]") {
    constexpr std::size_t too_long = 200'000 * megabyte;
    if (ipc::shm::available_memory() > too_long * sizeof(std::uint64_t)) {
        harness::left_out("this machine has that much");
        return;
    }
    World world;
    auto service = refused_service(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder()
                         .prefault(true)
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    REQUIRE(send(publisher, 1, 3 * megabyte).value() == 1);
    const auto held = next(subscriber);
    const auto before = further_segments(world.broker.socket());
    for (int i = 0; i < 3; ++i) {
        CHECK(publisher.loan_slice_uninit(too_long).error() == ipc::LoanError::OutOfMemory);
        CHECK(send(publisher, 2, too_long).error() == ipc::SendError::OutOfMemory);
    }
    CHECK(eventually([&] { return further_segments(world.broker.socket()) == before; }));
    CHECK(is_whole(held, 1, 3 * megabyte));
    for (const std::size_t length : {std::size_t{5}, megabyte}) {
        REQUIRE(send(publisher, 3, length).value() == 1);
        CHECK(is_whole(next(subscriber), 3, length));
    }
    CHECK(subscriber.missed() == 0);
}
