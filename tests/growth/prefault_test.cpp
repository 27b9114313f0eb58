// SPDX-License-Identifier: Apache-2.0
// Further segments of who prefaults are there before the first element is written.
#include "catch.hpp"
#include "growth/world.hpp"
#include "harness/paid_memory.hpp"

using namespace growth;

namespace {

// Of what is sent in two segments, once both are there; by the writer, and by the reader.
struct Faults {
    long writing = 0;
    long reading = 0;
};

Faults faults_of_growing(bool writer_prefaults, bool reader_prefaults) {
    World world;
    auto service = world.node.service_builder("growing").publish_subscribe<Slice>().create().value();
    auto subscriber = service.subscriber_builder().prefault(reader_prefaults).create().value();
    auto publisher = service.publisher_builder()
                         .prefault(writer_prefaults)
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    // What the program itself needs of code and stack is there after this.
    send(publisher, 0, 70'000).value();
    REQUIRE(is_whole(next(subscriber), 0, 70'000));
    Faults faults;
    for (const std::size_t length : {std::size_t{1'000'000}, std::size_t{2'000'000}}) {
        auto loan = publisher.loan_slice_uninit(length).value();
        const long before = harness::page_faults();
        std::move(loan).write_from_fn([&](std::size_t i) { return element(length, i); }).send().value();
        const long written = harness::page_faults();
        const auto sample = next(subscriber);
        const bool whole = is_whole(sample, length, length);
        faults.reading += harness::page_faults() - written;
        faults.writing += written - before;
        REQUIRE(whole);
    }
    return faults;
}

}  // namespace

TEST_CASE("no page fault in further segments of a publisher and a subscriber that prefault", "[growth]") {
    const Faults faults = faults_of_growing(true, true);
    CHECK(faults.writing == 0);
    CHECK(faults.reading == 0);
}

TEST_CASE("further segments that were not prefaulted are paid on the way", "[growth]") {
    const Faults faults = faults_of_growing(false, false);
    CHECK(faults.writing > 100);
    CHECK(faults.reading > 10);  // the kernel maps several pages at a time for who only reads
    CHECK(faults_of_growing(false, true).writing > 100);
    CHECK(faults_of_growing(true, false).reading > 10);
}
