// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "layout/counters.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "service/service_handle.hpp"
#include "shm/mapping.hpp"
#include "shm/memory_file.hpp"

#include <ipc/expected.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// For tests that are the other end of a client's or a server's connection themselves: no broker, no other
// process, and every step when the test takes it.
namespace request {

using Sender = ipc::ring::DeliverySender<ipc::ring::StdAtomics>;
using Receiver = ipc::ring::DeliveryReceiver<ipc::ring::StdAtomics>;

inline ipc::wire::RequestResponseSettings settings_of(std::uint64_t payload_size) {
    ipc::wire::RequestResponseSettings settings;
    settings.request = {.name = "test", .size = payload_size, .alignment = 8};
    settings.response = settings.request;
    settings.max_active_requests_per_client = 2;
    settings.max_loaned_requests = 1;
    settings.max_response_buffer_size = 2;
    settings.max_borrowed_responses_per_pending_response = 1;
    settings.max_clients = 2;
    settings.max_servers = 2;
    settings.max_nodes = 2;
    settings.request_alignment = 8;
    settings.response_alignment = 8;
    return settings;
}

class SessionStandIn final : public ipc::control::Session {
 public:
    explicit SessionStandIn(ipc::wire::RequestResponseSettings settings) : settings_{std::move(settings)} {}

    std::vector<std::shared_ptr<ipc::control::PortLink>> links;
    std::vector<ipc::wire::Uuid> cut;
    bool dropped = false;  // the port has ended

    tl::expected<ipc::wire::Numbered<ipc::wire::BrokerMessage>, ipc::control::CallFailure> call(
        const ipc::wire::ClientMessage&, ipc::control::Clock::time_point) override {
        return tl::unexpected{ipc::control::CallFailure{}};
    }
    void tell(const ipc::wire::ClientMessage&) override {}
    tl::expected<ipc::wire::Uuid, ipc::control::CallFailure> create_port(
        const ipc::wire::CreatePort& request, const Build& build, ipc::control::Clock::time_point) override {
        ipc::wire::PortCreated created{.port = ipc::wire::Uuid::random(), .record = next_record_++};
        if (const auto* server = std::get_if<ipc::wire::ServerSettings>(&request.settings))
            created.data_size = settings_.response_data(server->max_loaned_responses_per_request).size;
        else
            created.data_size = settings_.request_data().size;
        auto data = ipc::shm::MemoryFile::create("data", created.data_size).value();
        links.push_back(build(created, std::move(data)).value());
        return created.port;
    }
    void drop_port(ipc::wire::Uuid) override {
        dropped = true;
        links.clear();
    }
    void report_cut(ipc::wire::Uuid connection, std::string) override { cut.push_back(connection); }
    tl::expected<std::shared_ptr<ipc::control::WakeSet>, ipc::control::CallFailure> request_wake_handle(
        ipc::wire::Uuid, ipc::control::Clock::time_point, ipc::control::Patience) override {
        return ipc::control::WakeSet::create().value();
    }
    std::atomic<std::uint64_t>* counters(std::uint32_t record) override {
        return counters_.data() + record * ipc::layout::Counters::words_per_record;
    }
    ipc::wire::Uuid node() const override { return {}; }
    const std::string& node_name() const override { return name_; }
    int termination_descriptor() const override { return -1; }
    bool termination_requested() const override { return false; }
    int control_descriptor() const override { return -1; }
    bool membarrier_registered() const override { return false; }
    bool membarrier_available() const override { return false; }
    ipc::control::Clock::time_point deadline() const override {
        return ipc::control::Clock::time_point{std::chrono::hours{1'000'000}};
    }

 private:
    ipc::wire::RequestResponseSettings settings_;
    std::string name_ = "stand-in";
    std::uint32_t next_record_ = 0;
    std::array<std::atomic<std::uint64_t>, 64 * ipc::layout::Counters::words_per_record> counters_{};
};

// This side's view of a connection, and of its own data segment, to which its offsets point.
struct Wiretap {
    Wiretap(const ipc::wire::RequestResponseSettings& settings, ipc::control::PortLink& link,
            const ipc::layout::Data& data_layout, std::uint32_t record)
        : layout{settings.connection()},
          data_of{data_layout},
          data_file{ipc::shm::MemoryFile::create("data", data_of.size).value()},
          file{ipc::shm::MemoryFile::create("connection", layout.size).value()},
          segment{ipc::shm::Mapping::map(file, layout.size, ipc::shm::Access::ReadWrite).value()},
          data{ipc::shm::Mapping::map(data_file, data_of.size, ipc::shm::Access::ReadWrite).value()} {
        ipc::control::Offer offer;
        offer.details.connection = id;
        offer.details.peer_port = peer;
        offer.details.settings = ipc::wire::RequestConnection{
            .active_requests = settings.max_active_requests_per_client,
            .response_buffer_size = settings.max_response_buffer_size,
            .borrowed_responses = settings.max_borrowed_responses_per_pending_response};
        offer.details.record = record;
        offer.details.data_sizes = {data_of.size};
        offer.connection_segment = ipc::shm::MemoryFile{file.descriptor().duplicate()};
        offer.data_segments.emplace_back(data_file.descriptor().duplicate());
        if (auto connected = link.connect(std::move(offer)); !connected)
            throw ipc::Failure{connected.error()};
    }

    std::byte* lane(std::uint64_t number) const { return segment.data() + layout.lane(number); }
    // Of the connection's segment, or of a lane.
    static std::atomic<std::uint64_t>& word(std::byte* ring, std::uint64_t offset) {
        return ipc::ring::StdAtomics::word(ring, offset);
    }
    std::byte* chunk(std::uint64_t number) const {
        return data.data() + data_of.chunks + number * data_of.chunk_size;
    }
    // Of slices of 8 bytes an element: the longest that lies in the chunk and what is behind it.
    std::uint64_t longest_slice(std::uint64_t number, const ipc::layout::Sample& block) const {
        return (data_of.size - data_of.chunks - number * data_of.chunk_size - block.payload_offset) / 8;
    }
    // In units of `unit` bytes, as a descriptor has it.
    std::uint32_t offset_of(std::uint64_t number, std::uint64_t unit) const {
        return static_cast<std::uint32_t>((data_of.chunks + number * data_of.chunk_size) / unit);
    }

    ipc::wire::Uuid id = ipc::wire::Uuid::random();
    ipc::wire::Uuid peer = ipc::wire::Uuid::random();
    ipc::layout::RequestConnection layout;
    ipc::layout::Data data_of;
    ipc::shm::MemoryFile data_file;
    ipc::shm::MemoryFile file;
    ipc::shm::Mapping segment;
    ipc::shm::Mapping data;
};

// A server that is played by the test.
struct PlayedServer : Wiretap {
    PlayedServer(const ipc::wire::RequestResponseSettings& settings, ipc::control::PortLink& link,
                 std::uint32_t record)
        : Wiretap{settings, link, settings.response_data(1), record},
          unit{settings.response_block().unit()},
          requests{segment.data(), layout.requests} {
        for (std::uint64_t i = 0; i < layout.lane_count; ++i)
            lanes.push_back(std::make_unique<Sender>(lane(i), layout.responses));
    }
    // The number of the next request, or 0.
    std::uint64_t take_request() {
        ipc::ring::Taken taken;
        if (requests.try_take(taken, room.data(), room.size()) != Receiver::Outcome::taken) return 0;
        if (!taken.descriptor.in_slot) requests.release(taken.position, taken.descriptor.ticket);
        return taken.sequence;
    }
    void respond(std::uint64_t lane, std::uint64_t number) const {
        (void)lanes[lane]->room();
        lanes[lane]->publish_by_reference(number, 0, offset_of(0, unit), 0);
    }
    // Whether the client gave back all that it took in that lane.
    bool has_all_back(std::uint64_t lane, std::uint64_t sent) const {
        std::uint64_t back = 0;
        const auto count = [&](ipc::ring::ChunkId) { ++back; };
        (void)lanes[lane]->collect(count);
        (void)lanes[lane]->withdraw(lanes[lane]->written(), count);
        return back == sent;
    }

    std::uint64_t unit;
    Receiver requests;
    std::vector<std::unique_ptr<Sender>> lanes;
    std::array<std::uint64_t, 16> room{};
};

// A client that is played by the test.
struct PlayedClient : Wiretap {
    PlayedClient(const ipc::wire::RequestResponseSettings& settings, ipc::control::PortLink& link,
                 std::uint32_t record)
        : Wiretap{settings, link, settings.request_data(), record},
          block{settings.request_block()},
          requests{segment.data(), layout.requests} {
        requests.publish_first_live(1);
        for (std::uint64_t i = 0; i < layout.lane_count; ++i)
            lanes.push_back(std::make_unique<Receiver>(lane(i), layout.responses));
    }
    void ask(std::uint64_t number, std::uint64_t in_lane, std::uint64_t deadline = 0) {
        word(chunk(number % 4), block.lane_offset).store(in_lane);
        word(chunk(number % 4), block.deadline_offset).store(deadline);
        requests.publish_by_reference(number, 0, offset_of(number % 4, block.unit()), 0);
    }
    // The number that the next response in a lane answers, or 0.
    std::uint64_t take_response(std::uint64_t lane) const {
        ipc::ring::Taken taken;
        if (lanes[lane]->try_take(taken, nullptr, 0) != Receiver::Outcome::taken) return 0;
        if (!taken.descriptor.in_slot) lanes[lane]->release(taken.position, taken.descriptor.ticket);
        return taken.sequence;
    }

    ipc::layout::Sample block;
    Sender requests;
    std::vector<std::unique_ptr<Receiver>> lanes;
};

struct Stage {
    explicit Stage(ipc::wire::RequestResponseSettings service_settings = settings_of(256))
        : settings{std::move(service_settings)},
          session{std::make_shared<SessionStandIn>(settings)},
          service{std::make_shared<ipc::detail::ServiceHandle>(
              session, "service", ipc::wire::ServiceOpened{.settings = settings})} {}
    ipc::control::PortLink& link() const { return *session->links.front(); }

    ipc::wire::RequestResponseSettings settings;
    std::shared_ptr<SessionStandIn> session;
    std::shared_ptr<ipc::detail::ServiceHandle> service;
};

}  // namespace request
