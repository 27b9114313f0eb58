// SPDX-License-Identifier: Apache-2.0
// What publishers left in latched services, before the broker's restart and behind it.
#include "catch.hpp"
#include "layout/counters.hpp"
#include "layout/data.hpp"
#include "restart/world.hpp"
#include "shm/mapping.hpp"
#include "wire/frame_writer.hpp"

#include <cstring>
#include <vector>

using namespace restart;
using ipc::shm::MemoryFile;

namespace {

auto latched(const ipc::Node& node) {
    return node.service_builder("latched")
        .publish_subscribe<Number>()
        .latched(true)
        .history_size(2)
        .open_or_create()
        .value();
}

template <class Service>
std::vector<Number> what_a_joiner_gets(const Service& service) {
    auto subscriber = service.subscriber_builder().create().value();
    std::vector<Number> received;
    while (auto sample = subscriber.receive().value()) received.push_back(**sample);
    return received;
}

using Numbers = std::vector<Number>;

}  // namespace

TEST_CASE("what a publisher left outlives the broker, and is there for who comes to the next one") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "keeping");
    const auto service = latched(node);
    {
        const auto leaving = node_at(broker.socket(), "leaving");
        auto publisher = latched(leaving).publisher_builder().create().value();
        for (Number number = 1; number <= 3; ++number) publisher.send_copy(number).value();
    }
    CHECK(what_a_joiner_gets(service) == Numbers{2, 3});
    for (int restarts = 1; restarts <= 2; ++restarts) {
        restart::restart(broker);
        REQUIRE(are_back(broker, 1));
        CHECK(what_a_joiner_gets(service) == Numbers{2, 3});
        CHECK(what_a_joiner_gets(latched(node_at(broker.socket(), "new"))) == Numbers{2, 3});
    }
    CHECK(status(broker)["not_readopted"].empty());
    // One more that leaves something, and another: max_publishers is 2.
    for (const Number number : {4u, 5u})
        latched(node).publisher_builder().create().value().send_copy(number).value();
    CHECK(what_a_joiner_gets(service) == Numbers{4, 5});
}

TEST_CASE("a time for which something is kept goes on without the broker") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "keeping");
    const auto with = [&](const char* name) {
        return node.service_builder(name).publish_subscribe<Number>().history_size(1);
    };
    const auto longer = with("longer").latched_for(24h).create().value();
    const auto shorter = with("shorter").latched_for(100ms).create().value();
    for (const auto& service : {&longer, &shorter})
        service->publisher_builder().create().value().send_copy(1).value();
    restart::restart(broker);
    REQUIRE(are_back(broker, 1));
    CHECK(harness::eventually([&] { return what_a_joiner_gets(shorter).empty(); }));
    CHECK(what_a_joiner_gets(longer) == Numbers{1});
}

TEST_CASE("what was never given is not taken as what a publisher left") {
    harness::BrokerProcess broker;
    const auto keeping = node_at(broker.socket(), "keeping");
    const auto service = latched(keeping);
    wire::Uuid publisher;
    ipc::shm::UniqueFd counters;
    ipc::shm::UniqueFd record;
    {
        RawClient client{broker.socket()};
        client.hello("liar");
        counters = std::move(client.last_descriptors.at(0));
        record = std::move(client.last_descriptors.at(1));
    }
    restart::restart(broker);
    REQUIRE(are_back(broker, 1));
    RawClient client{broker.socket()};
    wire::Hello hello;
    hello.node_name = "liar";
    hello.features.emplace_back(wire::readopts_feature);
    client.call<wire::Welcome>(hello);
    const auto say = [&](const wire::ClientMessage& message, std::vector<ipc::shm::UniqueFd> descriptors) {
        wire::FrameWriter writer;
        writer.enqueue(wire::encode(message, 0, std::move(descriptors)));
        writer.flush(client.socket());
    };
    std::vector<ipc::shm::UniqueFd> own;
    own.push_back(record.duplicate());
    own.push_back(counters.duplicate());
    say(wire::Readopt{}, std::move(own));
    std::vector<ipc::shm::UniqueFd> other;
    other.push_back(record.duplicate());
    say(wire::ReadoptHistory{.publisher = publisher}, std::move(other));
    CHECK(client.reason_of_the_end().find("readopt_history of one that its record does not have") !=
          std::string::npos);
    CHECK(what_a_joiner_gets(service).empty());
}

TEST_CASE("a history that cannot have been published is cut, and what others left is received") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "honest");
    const auto service = latched(node);
    service.publisher_builder().create().value().send_copy(Number{7}).value();
    {
        RawClient liar{broker.socket()};
        liar.hello("liar");
        const MemoryFile counters{std::move(liar.last_descriptors.at(0))};
        using ipc::shm::Mapping;
        const auto claims =
            Mapping::map(counters, ipc::layout::Counters::size, ipc::shm::Access::ReadWrite).value();
        liar.tell(wire::CountersMapped{});
        auto request = open_service("latched", wire::OpenMode::Open);
        std::get<wire::PublishSubscribeRequest>(request.request).requirements = {};
        const auto opened = liar.call<wire::ServiceOpened>(request);
        const auto created = liar.call<wire::PortCreated>(publisher_request(opened.service));
        const MemoryFile data{std::move(liar.last_descriptors.at(0))};
        const auto segment = Mapping::map(data, created.data_size, ipc::shm::Access::ReadWrite).value();
        const std::uint64_t one = 1;
        std::memcpy(claims.data() + std::size_t{created.record} * ipc::layout::Counters::record_size, &one,
                    sizeof one);
        // Number 1 is whole, it says, and lies beyond the end of everything.
        const std::uint64_t word = 2;
        const std::uint64_t descriptor = ~std::uint64_t{0};
        using Entry = ipc::layout::Data::HistoryEntry;
        std::memcpy(segment.data() + Entry::size + Entry::word, &word, sizeof word);
        std::memcpy(segment.data() + Entry::size + Entry::descriptor, &descriptor, sizeof descriptor);
        liar.tell(wire::DataMapped{.port = created.port});
        CHECK(liar.query("status")["broker"].contains("pid"));  // that was heard
    }
    REQUIRE(eventually([&] {
        RawClient observer{broker.socket()};
        observer.hello("observer", true);
        return observer.query("service", "latched")["services"][0]["kept_histories"] == 2;
    }));
    int cut = 0;
    auto subscriber = service.subscriber_builder()
                          .degradation_handler([&](const ipc::DegradationInfo&) { ++cut; })
                          .create()
                          .value();
    CHECK(next(subscriber) == 7);
    CHECK_FALSE(subscriber.receive().value());
    CHECK(cut == 1);
}
