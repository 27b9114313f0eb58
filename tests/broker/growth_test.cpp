// SPDX-License-Identifier: Apache-2.0
// What a port that grows, its receivers and a liar are told, and what of it is on the ledger.
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "layout/limits.hpp"
#include "raw_client.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <stdexcept>
#include <string>

namespace {

constexpr std::uint64_t grown_size = 1 << 20;

wire::OpenService open_slices() {
    wire::OpenService request = open_service("slices");
    std::get<wire::PublishSubscribeRequest>(request.request).settings.payload.variant =
        wire::TypeVariant::Dynamic;
    return request;
}

wire::CreatePort growing_publisher(std::uint64_t service) {
    return {.service = service,
            .name = "p",
            .settings = wire::PublisherSettings{.max_loaned_samples = 2,
                                                .backpressure = {},
                                                .max_slice_len = {},
                                                .huge_pages = {},
                                                .allocation = wire::Allocation::BestFit}};
}

// A publisher that grows, and a subscriber, in two sessions.
struct GrowingPair {
    harness::BrokerProcess broker;
    RawClient sender{broker.socket()};
    RawClient receiver{broker.socket()};
    std::uint64_t service = 0;
    wire::Uuid publisher;
    wire::Uuid subscriber;
    wire::Uuid connection;

    GrowingPair() {
        sender.hello("sender");
        receiver.hello("receiver");
        service = sender.call<wire::ServiceOpened>(open_slices()).service;
        receiver.call<wire::ServiceOpened>(open_slices());
        publisher = add_port(sender, growing_publisher(service)).created.port;
        const RawPort port = add_subscriber(receiver, service);
        subscriber = port.created.port;
        connection = port.created.connections.at(0);
        (void)sender.expect<wire::ConnectionOffered>();
    }
    wire::PortGrown grow(std::uint32_t number) {
        return sender.call<wire::PortGrown>(
            wire::GrowPort{.port = publisher, .number = number, .size = grown_size});
    }
};

int mode_of(const ipc::shm::UniqueFd& descriptor) {
    return ::fcntl(descriptor.get(), F_GETFL) & O_ACCMODE;
}

// The next one of that kind: others come and go meanwhile.
template <class Message>
Message next(RawClient& client) {
    while (auto heard = client.hear())
        if (const auto* message = std::get_if<Message>(&heard->message)) return *message;
    throw std::runtime_error{"the broker hung up"};
}

// Whether whoever has the descriptor can write there from now on.
bool can_be_mapped_to_write(const ipc::shm::UniqueFd& descriptor) {
    void* const address =
        ::mmap(nullptr, grown_size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0);
    if (address == MAP_FAILED) return false;
    ::munmap(address, grown_size);
    return true;
}

}  // namespace

TEST_CASE("a further segment is its owner's to write, and its receivers' to read once it is sealed") {
    GrowingPair pair;
    const auto grown = pair.grow(7);
    const auto data = std::move(pair.sender.last_descriptors.at(0));
    CHECK(can_be_mapped_to_write(data));
    const auto sealed = pair.sender.call<wire::SegmentSealed>(
        wire::SegmentMapped{.port = pair.publisher, .segment = grown.segment});
    CHECK(sealed.connections == std::vector{pair.connection});
    CHECK_FALSE(can_be_mapped_to_write(data));
    const auto offered = pair.receiver.expect<wire::SegmentOffered>();
    CHECK(offered.connection == pair.connection);
    CHECK(offered.port == pair.subscriber);
    CHECK(offered.segment.id == grown.segment);
    CHECK(offered.segment.number == 7);
    CHECK(offered.segment.size == grown_size);
    CHECK(mode_of(pair.receiver.last_descriptors.at(0)) == O_RDONLY);
    pair.receiver.tell(
        wire::SegmentTaken{.connection = pair.connection, .port = pair.subscriber, .segment = grown.segment});
    const auto ready = pair.sender.expect<wire::SegmentReady>();
    CHECK(ready.connection == pair.connection);
    CHECK(ready.segment == grown.segment);
    pair.sender.tell(wire::ShrinkPort{.port = pair.publisher, .segment = grown.segment});
    CHECK(pair.receiver.expect<wire::SegmentWithdrawn>().segment == grown.segment);
}

TEST_CASE("who is connected later has all further segments from the beginning; the sender is told") {
    GrowingPair pair;
    for (const std::uint32_t number : {3U, 200U}) {
        const auto grown = pair.grow(number);
        pair.sender.call<wire::SegmentSealed>(
            wire::SegmentMapped{.port = pair.publisher, .segment = grown.segment});
        (void)pair.receiver.expect<wire::SegmentOffered>();
    }
    pair.grow(4);  // which nobody hears of before it is sealed
    const RawPort later = add_subscriber(pair.receiver, pair.service);
    REQUIRE(later.offers.size() == 1);
    const auto& [offer, descriptors] = later.offers.front();
    REQUIRE(offer.segments.size() == 2);
    CHECK(offer.segments[0].number == 3);
    CHECK(offer.segments[1].number == 200);
    CHECK(descriptors.size() == 5);
    const auto to_sender = pair.sender.expect<wire::ConnectionOffered>();
    CHECK(to_sender.taken.size() == 2);
    CHECK(to_sender.segments.empty());
}

TEST_CASE("what a port has grown is on its user's account, and in status, until it is given back") {
    GrowingPair pair;
    RawClient observer{pair.broker.socket()};
    observer.hello("observer", true);
    const auto totals = [&] { return observer.query("status")["totals"]; };
    const auto before = totals();
    const auto grown = pair.grow(1);
    const auto after = totals();
    CHECK(after["segment_bytes"] == before["segment_bytes"].get<std::uint64_t>() + grown_size);
    CHECK(after["descriptors"] == before["descriptors"].get<std::uint64_t>() + 1);
    CHECK(after["segments"] == before["segments"].get<std::uint64_t>() + 1);
    bool shown = false;
    const auto ports = observer.query("ports");
    for (const auto& port : ports["ports"])
        if (port.contains("further_segments"))
            shown = port["further_segments"] == nlohmann::json{{{"number", 1}, {"size", grown_size}}};
    CHECK(shown);
    pair.sender.tell(wire::ShrinkPort{.port = pair.publisher, .segment = grown.segment});
    pair.sender.query("status");
    CHECK(totals() == before);
}

TEST_CASE("a quota refuses a further segment, and the log says which") {
    harness::BrokerProcess broker{{.arguments = {},
                                   .environment = {},
                                   .configuration = R"({"quota": {"session": {"segment_bytes": 4000000}}})"}};
    RawClient client{broker.socket()};
    client.hello("sender");
    const auto service = client.call<wire::ServiceOpened>(open_slices()).service;
    const auto port = add_port(client, growing_publisher(service)).created.port;
    const auto refused =
        client.call<wire::Refused>(wire::GrowPort{.port = port, .number = 1, .size = 4'000'000});
    CHECK(refused.code == wire::Refusal::ExceedsQuota);
    CHECK(refused.message.find("quota.session.segment_bytes") != std::string::npos);
    CHECK(broker.log().find("quota.session.segment_bytes") != std::string::npos);
    client.call<wire::PortGrown>(wire::GrowPort{.port = port, .number = 1, .size = 4096});
}

TEST_CASE("growing what is not one's own, in no way that an honest client does, ends the session") {
    GrowingPair pair;
    const auto grown = pair.grow(1);
    RawClient liar{pair.broker.socket()};
    liar.hello("liar");
    const auto fixed = liar.call<wire::ServiceOpened>(open_service("fixed")).service;
    const auto still = add_publisher(liar, fixed).created.port;
    const auto own =
        add_port(liar, growing_publisher(liar.call<wire::ServiceOpened>(open_slices()).service)).created.port;
    const auto lie = GENERATE(range(0, 8));
    switch (lie) {
        case 0:
            liar.ask(wire::GrowPort{.port = pair.publisher, .number = 2, .size = grown_size});
            break;
        case 1:
            liar.ask(wire::GrowPort{.port = still, .number = 1, .size = grown_size});
            break;
        case 2:
            liar.ask(wire::GrowPort{.port = own, .number = 0, .size = grown_size});
            break;
        case 3:
            liar.ask(wire::GrowPort{
                .port = own, .number = ipc::layout::max_further_segments + 1, .size = grown_size});
            break;
        case 4:
            liar.ask(wire::GrowPort{.port = own, .number = 1, .size = 0});
            break;
        case 5:
            liar.ask(wire::SegmentMapped{.port = own, .segment = grown.segment});
            break;
        case 6:
            liar.tell(wire::ShrinkPort{.port = pair.publisher, .segment = grown.segment});
            break;
        default:
            liar.tell(wire::SegmentTaken{
                .connection = pair.connection, .port = pair.subscriber, .segment = grown.segment});
    }
    CHECK_FALSE(liar.reason_of_the_end().empty());
    pair.sender.ask(wire::SegmentMapped{.port = pair.publisher, .segment = grown.segment});
    CHECK(next<wire::SegmentSealed>(pair.sender).segment == grown.segment);
    CHECK(next<wire::SegmentOffered>(pair.receiver).segment.id == grown.segment);
}
