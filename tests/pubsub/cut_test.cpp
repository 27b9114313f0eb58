// SPDX-License-Identifier: Apache-2.0
// The other end of a connection writes what no honest port can have written: that connection is cut, and
// nothing else notices.
#include "catch.hpp"
#include "pubsub/session_stand_in.hpp"
#include "pubsub/wiretap.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "ring/history_writer.hpp"

#include <ipc/expected.hpp>
#include <ipc/untyped/publisher.hpp>
#include <ipc/untyped/subscriber.hpp>

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace pubsub;
using namespace ipc;

namespace {

using Sender = ring::DeliverySender<ring::StdAtomics>;
using Receiver = ring::DeliveryReceiver<ring::StdAtomics>;

struct Stage {
    explicit Stage(wire::PublishSubscribeSettings its_settings)
        : settings{std::move(its_settings)},
          session{std::make_shared<SessionStandIn>(settings)},
          service{std::make_shared<detail::ServiceHandle>(session, "service",
                                                          wire::ServiceOpened{.settings = settings})} {}

    DegradationHandler handler() {
        return [this](const DegradationInfo& info) { degraded.push_back(info); };
    }
    void check_that_only(const Wiretap& connection) {
        REQUIRE(degraded.size() == 1);
        CHECK(degraded[0].peer == UniquePortId{connection.peer.high, connection.peer.low});
        CHECK(session->cut == std::vector{connection.id});
    }

    wire::PublishSubscribeSettings settings;
    std::shared_ptr<SessionStandIn> session;
    std::shared_ptr<detail::ServiceHandle> service;
    std::vector<DegradationInfo> degraded;
};

// Two publishers played by the test: the first is honest, whatever the second does.
struct SubscriberStage : Stage {
    explicit SubscriberStage(wire::PublishSubscribeSettings its_settings = settings_of(256))
        : Stage{std::move(its_settings)},
          subscriber{untyped::SubscriberBuilder{service}.degradation_handler(handler()).create().value()},
          honest{settings, *session->links.front(), 10},
          other{settings, *session->links.front(), 11},
          honest_sender{honest.segment.data(), honest.layout},
          other_sender{other.segment.data(), other.layout} {
        honest_sender.publish_first_live(1);
        other_sender.publish_first_live(1);
    }

    // Offsets count in units of 64 bytes.
    std::uint32_t offset_of(std::uint64_t chunk) const {
        return static_cast<std::uint32_t>(
            (honest.data_layout.chunks + chunk * honest.data_layout.chunk_size) / settings.sample().unit());
    }
    void honest_still_counts() {
        honest_sender.publish_by_reference(++honest_sequence, 0, offset_of(0), 0);
        const auto sample = subscriber.receive().value();
        REQUIRE(sample.has_value());
        CHECK(sample->header().publisher_id() == UniquePortId{honest.peer.high, honest.peer.low});
        CHECK_FALSE(subscriber.receive().value().has_value());
    }

    untyped::Subscriber subscriber;
    Wiretap honest;
    Wiretap other;
    Sender honest_sender;
    Sender other_sender;
    std::uint64_t honest_sequence = 0;
};

struct PublisherStage : Stage {
    PublisherStage()
        : Stage{settings_of(256)},
          publisher{untyped::PublisherBuilder{service}
                        .max_loaned_samples(1)
                        .degradation_handler(handler())
                        .create()
                        .value()},
          honest{settings, *session->links.front(), 10},
          other{settings, *session->links.front(), 11},
          receiver{honest.segment.data(), honest.layout} {}

    std::size_t send() {
        auto loan = publisher.loan().value();
        return std::move(loan).send().value();
    }

    untyped::Publisher publisher;
    Wiretap honest;
    Wiretap other;
    Receiver receiver;
};

}  // namespace

TEST_CASE("a block outside of the publisher's memory cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    const auto hostile = GENERATE(as<std::uint32_t>{}, 1'000'000, 0xffffffff, 0x7fffffff);
    stage.other_sender.publish_by_reference(1, 0, hostile, 0);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a data segment that does not exist cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    stage.other_sender.publish_by_reference(1, 7, stage.offset_of(0), 0);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a block in the slot, where blocks do not fit, cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    const std::uint64_t block = 0;
    stage.other_sender.publish_in_slot(1, &block, 1);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

namespace {

wire::PublishSubscribeSettings slices_of_words() {
    auto settings = settings_of(8);
    settings.payload.variant = wire::TypeVariant::Dynamic;
    return settings;
}

}  // namespace

TEST_CASE("a slice that would reach beyond its publisher's memory cuts that publisher off",
          "[pubsub][cut][slice]") {
    SubscriberStage stage{slices_of_words()};
    const layout::Sample sample = stage.settings.sample();
    const std::uint64_t begin = stage.other.data_layout.chunks + stage.other.data_layout.chunk_size;
    const std::uint64_t most = (stage.other.data_layout.size - begin - sample.payload_offset) / 8;
    const auto hostile = GENERATE_COPY(most + 1, std::uint64_t{1} << 61, ~std::uint64_t{0});
    // What the chunk says of itself is for those who join later.
    ring::StdAtomics::word(stage.other.data.data() + begin, sample.elements_offset).store(hostile);
    stage.other_sender.announce_elements(most);
    stage.other_sender.publish_by_reference(1, 0, stage.offset_of(1), 0);
    {
        const auto held = stage.subscriber.receive().value();
        REQUIRE(held.has_value());
        CHECK(held->number_of_elements() == most);
        CHECK(held->payload_size() == 8 * most);
        CHECK(held->header().number_of_elements() == most);
    }
    stage.other_sender.announce_elements(hostile);
    stage.other_sender.publish_by_reference(2, 0, stage.offset_of(1), 0);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a slice that would reach beyond its slot cuts that publisher off", "[pubsub][cut][slice]") {
    SubscriberStage stage{slices_of_words()};
    std::vector<std::uint64_t> block(layout::Sample::large_room / 8, 5);
    block[0] = block.size() - 1;
    stage.other_sender.publish_in_slot(1, block.data(), block.size());
    CHECK(stage.subscriber.receive().value()->number_of_elements() == 12);
    block[0] = GENERATE(as<std::uint64_t>{}, 13, ~std::uint64_t{0});
    stage.other_sender.publish_in_slot(2, block.data(), block.size());
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a slice in the history that would reach beyond its publisher's memory cuts that publisher off",
          "[pubsub][cut][slice]") {
    auto settings = slices_of_words();
    settings.history_size = 2;
    Stage stage{settings};
    auto subscriber =
        untyped::SubscriberBuilder{stage.service}.degradation_handler(stage.handler()).create().value();
    const Wiretap other{settings, *stage.session->links.front(), 11, 2};
    const std::uint64_t begin = other.data_layout.chunks;
    ring::StdAtomics::word(other.data.data() + begin, settings.sample().elements_offset)
        .store(other.data_layout.size / 8);
    ring::HistoryWriter<ring::StdAtomics> history{other.data.data(), 3};
    (void)history.publish(1, {.offset = static_cast<std::uint32_t>(begin / settings.sample().unit())}, 0);
    CHECK_FALSE(subscriber.receive().value().has_value());
    stage.check_that_only(other);
}

TEST_CASE("a publication that cannot be cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    const auto hostile = GENERATE(as<std::uint64_t>{}, 3, ~std::uint64_t{0}, std::uint64_t{1} << 62);
    stage.other.word(stage.other.layout.slots).store(hostile);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a number below what the ring was said to begin with cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    stage.other_sender.publish_first_live(100);
    stage.other_sender.publish_by_reference(7, 0, stage.offset_of(0), 0);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a sample in a ring that was not said to begin cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    stage.other_sender.publish_first_live(0);
    stage.other_sender.publish_by_reference(1, 0, stage.offset_of(0), 0);
    // Else a wait would look at it again and again.
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
}

TEST_CASE("a sequence number that nobody can have reached cuts that publisher off", "[pubsub][cut]") {
    SubscriberStage stage;
    const std::uint64_t hostile = GENERATE(~std::uint64_t{0}, std::uint64_t{1} << 63);
    stage.other_sender.publish_by_reference(hostile, 0, stage.offset_of(0), 0);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    stage.honest_still_counts();
    CHECK(stage.subscriber.missed() == 0);
}

TEST_CASE("what is held of a publisher that was cut off stays as it is", "[pubsub][cut]") {
    SubscriberStage stage;
    std::memset(stage.other.data.data() + stage.other.data_layout.chunks, 42, 256);
    stage.other_sender.publish_by_reference(1, 0, stage.offset_of(0), 0);
    const auto held = stage.subscriber.receive().value();
    REQUIRE(held.has_value());
    stage.other_sender.publish_by_reference(2, 9, 0, 0);
    CHECK_FALSE(stage.subscriber.receive().value().has_value());
    stage.check_that_only(stage.other);
    CHECK(std::string(static_cast<const char*>(held->payload()), 256) == std::string(256, 42));
    CHECK(held->header().sequence_number() == 1);
    stage.honest_still_counts();
    // The broker says it, too, in its own time.
    stage.session->links.front()->disconnect(stage.other.id, wire::RemovalReason::Cut);
    CHECK(stage.degraded.size() == 1);
}

TEST_CASE("a read position that the subscriber cannot have reached cuts it off", "[pubsub][cut]") {
    PublisherStage stage;
    CHECK(stage.send() == 2);
    const auto hostile = GENERATE(as<std::uint64_t>{}, 5, ~std::uint64_t{0}, std::uint64_t{1} << 63);
    stage.other.word(layout::Connection::read_position).store(hostile);
    std::uint64_t sent = 0;
    // Until its ring seems full, the publisher does not look at the position.
    while (stage.degraded.empty() && ++sent < 10) (void)stage.send();
    stage.check_that_only(stage.other);
    CHECK(stage.send() == 1);
}

TEST_CASE("a return flag ahead of its delivery cuts the subscriber off, and its chunks come back",
          "[pubsub][cut]") {
    PublisherStage stage;
    CHECK(stage.send() == 2);
    for (std::uint64_t i = 0; i < stage.other.layout.ticket_count; ++i)
        stage.other.word(layout::Connection::flags + i * sizeof(std::uint64_t)).store(1000);
    Receiver cheat{stage.other.segment.data(), stage.other.layout};
    for (int i = 0; i < 2000; ++i) {
        ring::Taken taken;
        if (stage.degraded.empty() && cheat.has_data()) (void)cheat.try_take(taken, nullptr, 0);
        if (stage.receiver.try_take(taken, nullptr, 0) == Receiver::Outcome::taken)
            stage.receiver.release(taken.position, taken.descriptor.ticket);
        REQUIRE(stage.send() >= 1);  // never out of chunks
    }
    stage.check_that_only(stage.other);
}

TEST_CASE("who cheats is sent nothing more, whenever the publisher finds out", "[pubsub][cut]") {
    PublisherStage stage;
    for (std::uint64_t i = 0; i < stage.other.layout.ticket_count; ++i)
        stage.other.word(layout::Connection::flags + i * sizeof(std::uint64_t)).store(1000);
    Receiver cheat{stage.other.segment.data(), stage.other.layout};
    // With its last ticket out, the publisher looks for what came back: after the send, for the next one.
    for (std::uint64_t i = 0; i < stage.other.layout.ticket_count; ++i) {
        REQUIRE(stage.degraded.empty());
        CHECK(stage.send() == 2);
        ring::Taken taken;
        (void)cheat.try_take(taken, nullptr, 0);
        REQUIRE(stage.receiver.try_take(taken, nullptr, 0) == Receiver::Outcome::taken);
        stage.receiver.release(taken.position, taken.descriptor.ticket);
    }
    stage.check_that_only(stage.other);
    CHECK(stage.send() == 1);
}
