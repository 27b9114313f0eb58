// SPDX-License-Identifier: Apache-2.0
// Senders that lie about further segments: the test is the other end of the connection.
#include "catch.hpp"
#include "pubsub/session_stand_in.hpp"
#include "pubsub/wiretap.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_sender.hpp"

#include <ipc/untyped/subscriber.hpp>

#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace pubsub;
using namespace ipc;

namespace {

constexpr std::uint64_t payload = 256;
constexpr std::uint64_t size = 64 * 1024;

// A sender whom the test plays, with further segments of its own.
struct LyingSender {
    LyingSender()
        : settings{settings_of(payload)},
          session{std::make_shared<SessionStandIn>(settings)},
          service{std::make_shared<detail::ServiceHandle>(session, "service",
                                                          wire::ServiceOpened{.settings = settings})},
          subscriber{untyped::SubscriberBuilder{service}
                         .degradation_handler([this](const DegradationInfo&) { ++degraded; })
                         .create()
                         .value()},
          connection{settings, link(), 10},
          ring{connection.segment.data(), connection.layout} {
        ring.publish_first_live(1);
    }
    control::PortLink& link() const { return *session->links.front(); }

    struct Further {
        wire::DataSegment details;
        shm::MemoryFile file;
        shm::Mapping memory;
    };
    static Further further(std::uint32_t number, char content) {
        auto file = shm::MemoryFile::create("further", size).value();
        auto memory = shm::Mapping::map(file, size, shm::Access::ReadWrite).value();
        std::memset(memory.data(), content, size);
        return {
            {.id = wire::Uuid::random(), .number = number, .size = size}, std::move(file), std::move(memory)};
    }
    tl::expected<void, std::string> offer(const Further& segment) const {
        return link().segment_offered(
            connection.id, {segment.details, shm::MemoryFile{segment.file.descriptor().duplicate()}});
    }
    void publish(std::uint8_t segment, std::uint32_t offset) {
        ring.publish_by_reference(++sequence, segment, offset, 0);
    }
    std::optional<untyped::Sample> receive() { return subscriber.receive().value(); }
    bool is_cut() const { return degraded == 1 && session->cut == std::vector{connection.id}; }

    wire::PublishSubscribeSettings settings;
    std::shared_ptr<SessionStandIn> session;
    std::shared_ptr<detail::ServiceHandle> service;
    int degraded = 0;
    untyped::Subscriber subscriber;
    Wiretap connection;
    ring::DeliverySender<ring::StdAtomics> ring;
    std::uint64_t sequence = 0;
};

char content_of(const untyped::Sample& sample) {
    const auto* const bytes = static_cast<const char*>(sample.payload());
    for (std::size_t i = 1; i < payload; ++i)
        if (bytes[i] != bytes[0]) return 0;
    return bytes[0];
}

}  // namespace

TEST_CASE("a sender that names a segment it never offered is cut off", "[growth][lies]") {
    LyingSender sender;
    const auto number = GENERATE(as<std::uint8_t>{}, 1, 7, 240, 241, 255);
    if (GENERATE(false, true)) REQUIRE(sender.offer(LyingSender::further(5, 'x')));
    sender.publish(number, 0);
    CHECK_FALSE(sender.receive());
    CHECK(sender.is_cut());
}

TEST_CASE("a sender that names a segment that it has given back is cut off", "[growth][lies]") {
    LyingSender sender;
    const auto segment = LyingSender::further(3, 'a');
    REQUIRE(sender.offer(segment));
    sender.publish(3, 0);
    CHECK(content_of(*sender.receive()) == 'a');
    sender.link().segment_withdrawn(sender.connection.id, segment.details.id);
    sender.publish(3, 0);
    CHECK_FALSE(sender.receive());
    CHECK(sender.is_cut());
}

TEST_CASE("a block that is not all in its further segment cuts its sender off", "[growth][lies]") {
    LyingSender sender;
    REQUIRE(sender.offer(LyingSender::further(1, 'a')));
    const auto unit = static_cast<std::uint32_t>(sender.settings.sample().unit());
    sender.publish(1, (size - payload) / unit);
    CHECK(content_of(*sender.receive()) == 'a');
    sender.publish(1, GENERATE_COPY(as<std::uint32_t>{}, size / unit - 1, size / unit, 0xffffffff));
    CHECK_FALSE(sender.receive());
    CHECK(sender.is_cut());
}

TEST_CASE("what is held stays where it is when its sender gives the segment back", "[growth][lies]") {
    LyingSender sender;
    const auto first = LyingSender::further(9, 'a');
    REQUIRE(sender.offer(first));
    sender.publish(9, 0);
    auto held = sender.receive();
    REQUIRE(held);
    sender.link().segment_withdrawn(sender.connection.id, first.details.id);
    CHECK(content_of(*held) == 'a');
    // Another one cannot have that number before: whoever offers it has lied.
    CHECK_FALSE(sender.offer(LyingSender::further(9, 'b')));
    CHECK(content_of(*held) == 'a');
    held.reset();
    REQUIRE(sender.offer(LyingSender::further(9, 'c')));
    sender.publish(9, 2);
    CHECK(content_of(*sender.receive()) == 'c');
    CHECK(sender.degraded == 0);
}

TEST_CASE("a segment that is smaller than it is said to be, or has an impossible number, is refused",
          "[growth][lies]") {
    LyingSender sender;
    auto small = LyingSender::further(1, 'a');
    small.details.size = 2 * size;
    CHECK_FALSE(sender.offer(small));
    for (const std::uint32_t number : {0U, 241U, 255U, 256U, 0xffffffffU}) {
        auto wrong = LyingSender::further(number, 'a');
        CHECK_FALSE(sender.offer(wrong));
    }
    REQUIRE(sender.offer(LyingSender::further(240, 'a')));
    sender.publish(240, 0);
    CHECK(content_of(*sender.receive()) == 'a');
}

TEST_CASE("after a restart of the broker, what a sender has given back is given back", "[growth][lies]") {
    LyingSender sender;
    const auto gone = LyingSender::further(1, 'a');
    const auto stays = LyingSender::further(2, 'b');
    REQUIRE(sender.offer(gone));
    REQUIRE(sender.offer(stays));
    sender.link().segments_left(sender.connection.id, {stays.details.id});
    REQUIRE(sender.offer(stays));  // it is there already
    sender.publish(2, 0);
    CHECK(content_of(*sender.receive()) == 'b');
    sender.publish(1, 0);
    CHECK_FALSE(sender.receive());
    CHECK(sender.is_cut());
}
