// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"
#include "wire/codec.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wire = ipc::wire;

// A client that says exactly what a test tells it to, well formed or not.
class RawClient {
 public:
    using Heard = wire::Numbered<wire::BrokerMessage>;

    explicit RawClient(const std::string& socket);
    explicit RawClient(ipc::shm::UniqueFd connected) : socket_{std::move(connected)} {}

    // Answered by Welcome, whose counters segment is kept.
    wire::Welcome hello(const std::string& name = "raw", bool observer = false);

    std::uint64_t ask(const wire::ClientMessage& message);  // with a fresh request number
    void tell(const wire::ClientMessage& message);          // without
    void send_bytes(std::string_view bytes);
    void send_bytes(std::string_view bytes, int descriptor);
    void send_frame(const std::string& text);

    // The next message; nothing at the end of the stream. Fails the test where neither comes.
    std::optional<Heard> hear();
    // Likewise, but does not wait: nothing where nothing has come, or the stream has ended.
    std::optional<Heard> hear_what_was_said();
    // hear(), which has to be this.
    template <class Message>
    Message expect() {
        auto heard = hear();
        // Comes whenever a record is full, or somebody left something in a latched service.
        while (heard && (std::holds_alternative<wire::RecordRenewed>(heard->message) ||
                         std::holds_alternative<wire::HistoryKept>(heard->message)))
            heard = hear();
        if (!heard) throw std::runtime_error{"the broker hung up"};
        last_descriptors = std::move(heard->descriptors);
        if (const auto* refused = std::get_if<wire::Refused>(&heard->message);
            refused != nullptr && !std::is_same_v<Message, wire::Refused>)
            throw std::runtime_error{"refused: " + refused->message};
        return std::get<Message>(heard->message);
    }
    template <class Message>
    Message call(const wire::ClientMessage& message) {
        ask(message);
        return expect<Message>();
    }
    nlohmann::json query(const std::string& what, const std::string& argument = "");
    // Reads to the end; the reason that the broker gave for it, or nothing.
    std::string reason_of_the_end();

    int socket() const { return socket_.get(); }
    void hang_up() { socket_.reset(); }

    std::vector<ipc::shm::UniqueFd> last_descriptors;

 private:
    void send(wire::Frame frame);
    std::optional<Heard> next_frame();

    ipc::shm::UniqueFd socket_;
    wire::FrameReader reader_{wire::max_broker_frame, wire::max_broker_descriptors};
    std::uint64_t last_request_ = 0;
};

// A service of u64 with small limits, for tests to change.
wire::OpenService open_service(const std::string& name, wire::OpenMode mode = wire::OpenMode::OpenOrCreate);

// An event service of ids up to 100, and small limits.
wire::OpenService open_events(const std::string& name, wire::OpenMode mode = wire::OpenMode::OpenOrCreate);

// A request-response service of u64 both ways, and small limits.
wire::OpenService open_requests(const std::string& name, wire::OpenMode mode = wire::OpenMode::OpenOrCreate);

wire::CreatePort publisher_request(std::uint64_t service, std::uint64_t loans = 1);

// Creates the port, reports its data segment mapped, and reads until all its connections were offered.
struct RawPort {
    wire::PortCreated created;
    std::vector<std::pair<wire::ConnectionOffered, std::vector<ipc::shm::UniqueFd>>> offers;
};
RawPort add_port(RawClient& client, const wire::CreatePort& request);
RawPort add_publisher(RawClient& client, std::uint64_t service);
RawPort add_subscriber(RawClient& client, std::uint64_t service);
// A publisher whose data segment is not reported mapped.
wire::PortCreated half_a_publisher(RawClient& client, std::uint64_t service);
