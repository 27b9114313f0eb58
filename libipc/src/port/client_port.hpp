// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/counters.hpp"
#include "layout/request_connection.hpp"
#include "port/connection_inbox.hpp"
#include "port/outgoing_connection.hpp"
#include "port/pending_request.hpp"
#include "port/receiving_port.hpp"
#include "port/response_place.hpp"
#include "port/sending_port.hpp"
#include "ring/borrows.hpp"
#include "service/service_handle.hpp"
#include "wire/request_response.hpp"

#include <ipc/request_error.hpp>
#include <ipc/routing.hpp>
#include <ipc/untyped/request_mut.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::port {

struct ClientSettings {
    Routing routing = Routing::ToAll;
    bool retry = false;  // with another server, where one dies before it answered
    std::chrono::nanoseconds deadline{0};
    std::optional<std::uint64_t> max_slice_len;  // elements of a request; where that is a slice
    BackpressureStrategy strategy = BackpressureStrategy::RetryUntilDelivered;
    BackpressureHandler backpressure_handler;
    DegradationHandler degradation_handler;
    bool thread_safe = false;
    bool huge_pages = false;
    AllocationStrategy allocation = AllocationStrategy::Static;
    shm::Residence residence = shm::Residence::when_touched;
};

// A client's half of the connection to one server: the ring of requests; and where the responses come.
struct RequestConnection : OutgoingConnection {
    using OutgoingConnection::OutgoingConnection;
    // Whether the server is, as far as was heard.
    bool is_there() const { return place->served() == served && place->is_open(); }

    ResponsePlace* place = nullptr;
    std::uint32_t served = 0;  // which of the place's connections this is
};

// The port of a Client: it sends requests as a publisher sends samples, and has a place for each server, with
// a lane for each request that may be under way. It ends with the Client, its loans, its requests under way
// and the responses that are held.
class ClientPort final : public ReceivingPort<ClientPort, ResponsePlace>, private SendingPort {
    using Base = ReceivingPort<ClientPort, ResponsePlace>;

 public:
    static tl::expected<ClientPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, ClientSettings settings);

    ClientPort(std::shared_ptr<detail::ServiceHandle> service, ClientSettings settings,
               const wire::PortCreated& created, shm::Mapping data);

    // The Client's operations; by one thread at a time, or under the lock of a thread_safe client.
    detail::LoanedChunk loan(std::uint64_t elements);
    // `deadline`: after sending; 0 for the client's own.
    detail::SentRequest send(ring::ChunkId chunk, std::chrono::nanoseconds deadline);
    void return_loan(ring::ChunkId chunk);
    expected<std::size_t, RequestSendError> update_connections();
    void close();

    // The requests'.
    bool retries() const { return settings_.retry; }
    // Gives a request that was lost to another server. False: none has got it, and it stays as it is.
    bool send_again(PendingRequest& request);
    void finished(PendingRequest& request);
    PlaceTable<ResponsePlace>& places() { return places_; }
    control::Session& talk() const { return session(); }
    bool enter() { return Base::enter(); }
    void leave() { place_ended(); }

    // The places'.
    const wire::RequestResponseSettings& service() const {
        return service_->settings<wire::RequestResponseSettings>();
    }
    const layout::Sample& request() const { return block_; }
    shm::Residence residence() const { return SendingPort::residence(); }
    const layout::Sample& response() const { return response_; }
    const layout::RequestConnection& layout() const { return layout_; }
    std::uint32_t max_borrowed() const {
        return static_cast<std::uint32_t>(service().max_borrowed_responses_per_pending_response);
    }
    // Whether a server may be waiting for room in a lane.
    bool waits_for_room() const { return waits_for_room_; }
    void count_received(std::uint64_t responses) {
        count(layout::ClientCounter::received).fetch_add(responses, std::memory_order_relaxed);
    }
    void count_missed(std::uint64_t responses) {
        count(layout::ClientCounter::missed).fetch_add(responses, std::memory_order_relaxed);
    }
    void report_cut(wire::Uuid connection, wire::Uuid server);

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override;
    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override;
    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override;
    void segment_begins(std::uint32_t number) override;
    void segment_ready(wire::Uuid connection, std::uint32_t number) override;

 private:
    friend class ReceivingPort<ClientPort, ResponsePlace>;
    using Connection = std::shared_ptr<RequestConnection>;
    // One server that a request is being given to.
    struct Attempt {
        RequestConnection* connection;
        std::uint64_t written_before;
        std::uint64_t displaced_before;
    };

    std::optional<std::string> why_unfit(const wire::ConnectionOffered& offered) const;
    void refuse_politely(const control::Offer&) const {}  // nobody waits for a client to take anything
    std::string why_no_place() const;

    std::unique_lock<std::mutex> attend() {
        auto lock = lock_if_shared();
        if (inbox_.has_changes()) {
            take_changes();
            leaving_.clear();
        }
        return lock;
    }
    void choose(std::uint32_t lane, std::uint64_t number);
    RequestConnection* least_loaded();
    std::int64_t give(PendingRequest& request, ring::ChunkId chunk, std::uint64_t number);
    void note_displaced(RequestConnection& connection);
    // As many as are under way just now: what one thread stores, the next puts right.
    void count_active(std::uint32_t requests) {
        count(layout::ClientCounter::active).store(requests, std::memory_order_relaxed);
    }
    void end_if_unused(std::unique_lock<std::mutex> lock);
    void finish() { Base::close(); }

    bool has_changes() const override { return inbox_.has_changes(); }
    void take_changes() override;
    void forget(const OutgoingPeer& peer) override;
    const char* receiver_name() const override { return "server"; }

    std::atomic<std::uint64_t>& count(layout::ClientCounter counter) const {
        return record_[static_cast<std::size_t>(counter)];
    }

    const layout::RequestConnection layout_;
    const layout::Sample response_;
    const bool waits_for_room_;
    bool open_ = true;  // there is a Client
    std::atomic<std::uint64_t>* record_;
    ConnectionInbox<RequestConnection> inbox_;
    std::vector<Connection> connections_;
    std::vector<Connection> leaving_;  // in the middle of a send
    std::vector<OutgoingRing*> targets_;
    std::vector<Attempt> attempts_;
    std::size_t turn_ = 0;  // of servers that are equally loaded

    // Which requests are under way; closed with the Client and its last loan.
    ring::Borrows<ring::StdAtomics> under_way_;
    std::vector<std::unique_ptr<PendingRequest>> requests_;
    const ClientSettings settings_;
};

}  // namespace ipc::port
