// SPDX-License-Identifier: Apache-2.0
// A client of protocol 1 as it is on the wire: what it says and hears is text here, not made by today's code.
#include "catch.hpp"
#include "layout/connection.hpp"
#include "restart/world.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_sender.hpp"
#include "shm/mapping.hpp"

#include <poll.h>

#include <optional>
#include <utility>

using namespace restart;
using nlohmann::json;

namespace {

constexpr const char* hello = R"({"type": "hello", "request": 1, "body": {"lowest_protocol": 1,
    "highest_protocol": 1, "features": [], "library_version": "0.1.0", "node_name": "old", "observer": false,
    "membarrier_registered": false, "membarrier_available": false}})";
constexpr const char* welcome = R"({"type": "welcome", "request": 1, "body": {"protocol": 1, "features": [],
    "broker_version": "*", "broker_pid": "*", "broker_uid": "*", "node": "*"}})";
constexpr const char* counters_mapped = R"({"type": "counters_mapped", "body": {}})";
constexpr const char* settings = R"({"payload": {"name": "u64", "size": 8, "alignment": 8,
    "variant": "fixed_size"}, "user_header": {"name": "", "size": 0, "alignment": 1, "variant": "fixed_size"},
    "safe_overflow": true, "timestamps": false, "latched": false, "history_size": 1,
    "subscriber_max_buffer_size": 4, "subscriber_max_borrowed_samples": 2, "max_publishers": 2,
    "max_subscribers": 3, "max_nodes": 3, "payload_alignment": 8})";
constexpr const char* open_service = R"({"type": "open_service", "request": 2, "body": {"name": "shared",
    "mode": "open_or_create", "publish_subscribe": {"settings": {}, "requirements": {}}}})";
constexpr const char* service_opened = R"({"type": "service_opened", "request": 2, "body": {"service": "*",
    "created": "*", "hash": "*", "publish_subscribe": {}, "attributes": []}})";
constexpr const char* create_port = R"({"type": "create_port", "request": 3, "body": {"service": 0,
    "name": "p", "publisher": {"max_loaned_samples": 2, "backpressure": "retry_until_delivered"}}})";
constexpr const char* port_created = R"({"type": "port_created", "request": 3, "body": {"port": "*",
    "record": "*", "buffer_size": 0, "data_size": "*", "connections": "*"}})";
constexpr const char* data_mapped = R"({"type": "data_mapped", "body": {"port": ""}})";
constexpr const char* connection_offered = R"({"type": "connection_offered", "body": {"connection": "*",
    "port": "*", "peer_port": "*", "peer_node": "*", "peer_pid": "*", "sending": true, "peer_is_new": "*",
    "delivery": {"buffer_size": 4, "max_borrowed": 2, "history_request": 0}, "record": "*",
    "peer_membarrier_registered": "*", "peer_membarrier_available": "*", "data_sizes": [], "segments": [],
    "taken": []}})";
constexpr const char* connection_mapped = R"({"type": "connection_mapped", "body": {"connection": ""}})";

// With the same members, each with the same value, or any where "*" stands.
bool is_like(const json& pattern, const json& heard) {
    if (pattern == "*") return true;
    if (!pattern.is_object()) return pattern == heard;
    if (!heard.is_object() || pattern.size() != heard.size()) return false;
    for (const auto& [name, value] : pattern.items())
        if (!heard.contains(name) || !is_like(value, heard[name])) return false;
    return true;
}

// Nothing of it is today's but the framing.
class Literal {
 public:
    explicit Literal(const std::string& socket) : client_{socket} {}

    void say(const json& message) { client_.send_frame(message.dump()); }
    // The next frame, which has to be like this; its body.
    json hear(const json& pattern) {
        for (;;) {
            auto frame = reader_.next();
            if (!frame) throw std::runtime_error{frame.error().reason};
            if (*frame) {
                const json heard = json::parse((*frame)->text);
                INFO("heard " << heard.dump() << "\ninstead of " << pattern.dump());
                REQUIRE(is_like(pattern, heard));
                descriptors = std::move((*frame)->descriptors);
                return heard["body"];
            }
            wait();
            if (auto progress = reader_.receive(client_.socket());
                !progress || *progress == wire::FrameReader::Progress::Closed)
                throw std::runtime_error{"the broker hung up"};
        }
    }
    // Reads to the end of the stream, whatever else comes.
    void hear_the_end() {
        do wait();
        while (reader_.receive(client_.socket()).value() != wire::FrameReader::Progress::Closed);
    }

    std::vector<ipc::shm::UniqueFd> descriptors;

 private:
    void wait() {
        pollfd waited{.fd = client_.socket(), .events = POLLIN, .revents = 0};
        if (::poll(&waited, 1, harness::patience_ms) != 1) throw std::runtime_error{"the broker is silent"};
    }

    RawClient client_;
    wire::FrameReader reader_{wire::max_broker_frame, wire::max_broker_descriptors};
};

json with(const char* message, const char* path, const json& value) {
    json result = json::parse(message);
    result[json::json_pointer{path}] = value;
    return result;
}

json opened_by(Literal& literal, const json& wanted, const json& found) {
    literal.say(json::parse(hello));
    literal.hear(json::parse(welcome));
    CHECK(literal.descriptors.size() == 1);  // its counters, and no record
    literal.say(json::parse(counters_mapped));
    literal.say(with(open_service, "/body/publish_subscribe/settings", wanted));
    return literal.hear(with(service_opened, "/body/publish_subscribe", found));
}

// A publisher in a client of that time.
class OldPublisher {
 public:
    explicit OldPublisher(const std::string& socket) : literal_{socket} {
        const json opened = opened_by(literal_, json::parse(settings), json::parse(settings));
        literal_.say(with(create_port, "/body/service", opened["service"]));
        const json created = literal_.hear(json::parse(port_created));
        CHECK(literal_.descriptors.size() == 1);
        literal_.say(with(data_mapped, "/body/port", created["port"]));
    }
    void be_connected() {
        const json offered = literal_.hear(json::parse(connection_offered));
        const auto layout = ipc::layout::connection(4, 2, ipc::layout::cache_line);
        ring_ = ipc::shm::Mapping::map(ipc::shm::MemoryFile{std::move(literal_.descriptors.at(0))},
                                       layout.size, ipc::shm::Access::ReadWrite)
                    .value();
        sender_.emplace(ring_.data(), layout);
        sender_->publish_first_live(sent_ + 1);
        literal_.say(with(connection_mapped, "/body/connection", offered["connection"]));
    }
    void send(std::uint64_t number) { sender_->publish_in_slot(++sent_, &number, 1); }
    void hear_the_end() { literal_.hear_the_end(); }

 private:
    Literal literal_;
    ipc::shm::Mapping ring_;
    std::optional<ipc::ring::DeliverySender<ipc::ring::StdAtomics>> sender_;
    std::uint64_t sent_ = 0;
};

std::uint64_t next_of(ipc::untyped::Subscriber& subscriber) {
    auto sample = subscriber.receive(patience).value();
    if (!sample) throw ipc::Failure{"nothing came"};
    return *static_cast<const std::uint64_t*>(sample->payload());
}

}  // namespace

TEST_CASE(
    "a client of protocol 1 is served by the letter, and what it sends goes on through the broker's death") {
    harness::BrokerProcess broker;
    OldPublisher old{broker.socket()};

    auto config = harness::config_for(broker.socket());
    config.creation_bound = 1ms;  // the old one has one thread, and it is this
    const auto node = harness::node_with(config, "young", true);
    auto subscriber = node.service_builder("shared")
                          .publish_subscribe(ipc::TypeDetail{.name = "u64", .size = 8, .alignment = 8})
                          .open()
                          .value()
                          .subscriber_builder()
                          .history_request(0)
                          .create()
                          .value();
    old.be_connected();
    old.send(1);
    CHECK(next_of(subscriber) == 1);

    broker.kill();
    old.hear_the_end();
    old.send(2);
    CHECK(next_of(subscriber) == 2);
    broker.start_again();
    REQUIRE(are_back(broker, 1));
    old.send(3);
    CHECK(next_of(subscriber) == 3);

    // It cannot come back with what it had; what it makes anew is as good as before.
    OldPublisher anew{broker.socket()};
    anew.be_connected();
    anew.send(4);
    CHECK(next_of(subscriber) == 4);
    old.send(5);
    CHECK(next_of(subscriber) == 5);
}

TEST_CASE("what a service says beyond protocol 1 is not told to who does not know it") {
    const harness::BrokerProcess broker;
    const auto node = node_at(broker.socket());
    const auto service = node.service_builder("shared")
                             .publish_subscribe(ipc::TypeDetail{.name = "u64", .size = 8, .alignment = 8})
                             .latched_for(1h)
                             .history_size(1)
                             .subscriber_max_buffer_size(4)
                             .subscriber_max_borrowed_samples(2)
                             .max_publishers(2)
                             .max_subscribers(3)
                             .max_nodes(3)
                             .create()
                             .value();
    Literal old{broker.socket()};
    opened_by(old, json::parse(settings), with(settings, "/latched", true));
}
