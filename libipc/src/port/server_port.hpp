// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "port/connection_inbox.hpp"
#include "port/outgoing_lanes.hpp"
#include "port/sample_port.hpp"
#include "port/sending_port.hpp"
#include "wire/request_response.hpp"

#include <ipc/stream_state.hpp>
#include <ipc/untyped/server.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::port {

class ServerPort;

struct ServerSettings {
    std::uint64_t max_loaned_responses_per_request = 0;
    std::optional<std::uint64_t> max_slice_len;  // elements of a response; where that is a slice
    BackpressureStrategy strategy = BackpressureStrategy::RetryUntilDelivered;
    BackpressureHandler backpressure_handler;
    DegradationHandler degradation_handler;
    bool thread_safe = false;
    bool huge_pages = false;
    AllocationStrategy allocation = AllocationStrategy::Static;
    shm::Residence residence = shm::Residence::when_touched;
};

// A request that was received, and where its responses go. It stays where it is while its ActiveRequest is
// moved about, until that and all loans for it are gone.
struct ActiveSlot : detail::HeldSample {
    ServerPort* port = nullptr;
    Cell* cell = nullptr;            // null: its ActiveRequest is gone
    OutgoingPeer* client = nullptr;  // null: that is gone
    OutgoingRing* lane = nullptr;    // as long as there is a client
    std::uint64_t request = 0;
    std::uint64_t deadline_ns = 0;  // by the steady clock; 0: none
    std::uint64_t loans = 0;
};

// The port of a Server: it receives requests as a subscriber receives samples, and sends responses as a
// publisher sends them, each into the lane of its request. It ends with the Server, its active requests and
// their loans.
class ServerPort final : public SamplePort, private SendingPort {
 public:
    static tl::expected<ServerPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, ServerSettings settings);

    ServerPort(std::shared_ptr<detail::ServiceHandle> service, const ServerSettings& settings,
               const wire::PortCreated& created, shm::Mapping data);

    // The Server's operations; by one thread at a time, or under the lock of a thread_safe server. What was
    // received is an ActiveSlot.
    detail::TakenSample receive_request();
    detail::TakenSample receive_request(std::chrono::nanoseconds timeout);
    expected<void, ReceiveError> update_connections();
    void close();

    // The ActiveRequest's.
    detail::LoanedChunk loan(ActiveSlot& slot, std::uint64_t elements);
    // 1, or 0 where the stream has ended, or -1 - the error.
    std::int64_t send(ActiveSlot& slot, ring::ChunkId chunk);
    void return_loan(ActiveSlot& slot, ring::ChunkId chunk);
    void finish(ActiveSlot& slot);
    StreamState state(const ActiveSlot& slot);
    bool has_disconnect_hint(const ActiveSlot& slot);

    const wire::RequestResponseSettings& service() const {
        return service_->settings<wire::RequestResponseSettings>();
    }
    const layout::Sample& response() const { return block_; }

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override;
    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override;
    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override;
    void segment_begins(std::uint32_t number) override;
    void segment_ready(wire::Uuid connection, std::uint32_t number) override;

 private:
    using Connection = std::shared_ptr<OutgoingLanes>;

    std::optional<std::string> why_unfit(const wire::ConnectionOffered& offered) const override;
    std::string why_no_place() const override;
    const char* sender_name() const override { return "client"; }

    std::unique_lock<std::mutex> attend() {
        auto lock = lock_if_shared();
        if (inbox_.has_changes()) {
            take_changes();
            leaving_.clear();
        }
        return lock;
    }
    detail::TakenSample found_none(detail::TakenSample nothing_or_failure);
    // A request begins to be active; null where it is none that is to be received.
    ActiveSlot* begin(Cell& cell);
    OutgoingLanes* lanes_of(const Place& place);
    ActiveSlot& free_slot();
    StreamState seen_state(const ActiveSlot& slot) const;
    void withdraw(OutgoingRing& lane);
    void recycle(ActiveSlot& slot);
    void end_last_loan(ActiveSlot& slot, std::unique_lock<std::mutex> lock);

    bool has_changes() const override { return inbox_.has_changes(); }
    void take_changes() override;
    void forget(const OutgoingPeer& peer) override;
    const char* receiver_name() const override { return "client"; }

    const layout::RequestConnection layout_;
    const std::uint64_t max_loaned_per_request_;
    Counter ended_;
    ConnectionInbox<OutgoingLanes> inbox_;
    std::vector<Connection> clients_;
    std::vector<Connection> leaving_;  // in the middle of a send
    std::size_t next_client_ = 0;      // behind the one whose request came last
    std::deque<ActiveSlot> slots_;
    std::vector<ActiveSlot*> free_slots_;
};

}  // namespace ipc::port
