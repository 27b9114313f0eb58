// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/connection_inbox.hpp"
#include "port/counter.hpp"
#include "port/outgoing_connection.hpp"
#include "port/own_handle.hpp"
#include "ring/chunk_books.hpp"
#include "ring/history_writer.hpp"
#include "service/service_handle.hpp"
#include "shm/fork_guard.hpp"
#include "shm/mapping.hpp"

#include <ipc/backpressure.hpp>
#include <ipc/degradation.hpp>
#include <ipc/untyped/publisher.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::port {

struct PublisherSettings {
    std::uint64_t max_loaned_samples = 0;
    BackpressureStrategy strategy = BackpressureStrategy::RetryUntilDelivered;
    BackpressureHandler backpressure_handler;
    DegradationHandler degradation_handler;
    bool thread_safe = false;
};

// The sending port. Everything on the way of a sample is private to the thread that the publisher belongs to;
// what the control thread has for it (connections made and ended) goes through an inbox, whose flag each
// operation looks at once.
//
// The port owns itself: it ends once the Publisher and all its loans are gone, and their number is the count
// of loans that there is anyway.
class PublisherPort final : public control::PortLink {
 public:
    static tl::expected<PublisherPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, PublisherSettings settings);

    PublisherPort(std::shared_ptr<detail::ServiceHandle> service, PublisherSettings settings,
                  const wire::PortCreated& created, shm::Mapping data);

    // The Publisher's operations; by one thread at a time, or under the lock of a thread_safe publisher.
    detail::LoanedChunk loan();
    // How many subscribers got it, or -1 - the error.
    std::int64_t send(ring::ChunkId chunk);
    void return_loan(ring::ChunkId chunk);
    expected<std::size_t, SendError> update_connections();
    void close();

    wire::Uuid id() const { return id_; }
    const wire::PublishSubscribeSettings& service() const {
        return service_->settings<wire::PublishSubscribeSettings>();
    }
    const layout::Sample& sample() const { return sample_; }

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override;
    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override;
    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override;

 private:
    using Connection = std::shared_ptr<OutgoingConnection>;
    enum class Delivery : std::uint8_t { delivered, dropped, full, corrupted };
    // A sample that did not go to all at once.
    struct Sending {
        std::uint64_t sequence;
        ring::ChunkId chunk;
        std::uint32_t delivered;
    };

    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }
    // Whether an operation has to do more than usual first: take up connections, or a lock; or be refused.
    bool needs_attention() const { return is_forked_copy() || thread_safe_ || inbox_.has_changes(); }
    std::unique_lock<std::mutex> attend() {
        auto lock = lock_if_shared();
        if (inbox_.has_changes()) take_changes();
        return lock;
    }
    std::unique_lock<std::mutex> lock_if_shared() {
        return thread_safe_ ? std::unique_lock{mutex_} : std::unique_lock<std::mutex>{};
    }
    void end_if_unused(std::unique_lock<std::mutex> lock);

    void take_changes();
    void take_up(const Connection& connection);
    void let_go(const Connection& connection);

    detail::LoanedChunk loan_now();
    detail::LoanedChunk loan_attended();
    std::optional<ring::ChunkId> find_chunk();
    void collect();
    void collect(OutgoingConnection& connection);
    void look_ahead(OutgoingConnection& connection);
    void prepare_next();
    void give_back(ring::ChunkId chunk) { books_.release_reference(chunk); }
    void end_loan(ring::ChunkId chunk);

    std::int64_t send_now(ring::ChunkId chunk);
    std::int64_t send_attended(ring::ChunkId chunk);
    void stamp(std::uint64_t sequence, ring::ChunkId chunk);
    void record_history(std::uint64_t sequence, ring::ChunkId chunk);
    Delivery deliver(OutgoingConnection& connection, std::uint64_t sequence, ring::ChunkId chunk,
                     const std::byte* block);
    Delivery make_room(OutgoingConnection& connection);
    void note_failure(Delivery outcome, OutgoingConnection& connection);
    std::int64_t settle(Sending sending);
    void note_corruption(OutgoingConnection& connection) {
        connection.corrupted = true;
        corruption_found_ = true;
    }
    void cut_corrupted();

    std::optional<SendError> wait_for_room(Sending& sending);
    void retry(OutgoingConnection& connection, Sending& sending);
    bool decide(std::uint64_t retries, std::chrono::nanoseconds elapsed);
    bool spin_for_room();
    void sleep_for_room();
    bool any_room();

    // In the order in which the way of a sample touches them.
    const std::uint32_t generation_ = shm::fork_generation();
    const bool thread_safe_;
    const bool in_slot_;   // blocks travel in the ring
    const bool overflow_;  // the oldest sample makes room
    const bool plain_;     // neither timestamp nor history
    bool corruption_found_ = false;
    bool open_ = true;            // there is a Publisher
    std::uint32_t awaiting_ = 0;  // connections that have no room for the sample that is being sent
    const std::uint32_t unit_shift_;
    const std::uint32_t block_words_;  // of a block that travels in the ring
    const std::uint64_t payload_offset_;
    const std::uint64_t last_word_;  // offset in a block
    const std::uint64_t max_loaned_;
    std::byte* const segment_;
    std::vector<Connection> connections_;
    ConnectionInbox<OutgoingConnection> inbox_;
    Counter sent_, delivered_, loaned_;  // sent_ is the sequence number of the sample sent last, too
    ring::ChunkBooks books_;

    Counter lost_, blocked_, cut_;
    const layout::Sample sample_;
    shm::Mapping data_;
    std::optional<ring::HistoryWriter<ring::StdAtomics>> history_;

    const PublisherSettings settings_;
    const wire::Uuid id_;
    std::mutex mutex_;  // of a thread_safe publisher's operations
    OwnHandle own_handle_;

    std::shared_ptr<PublisherPort> self_;
    std::shared_ptr<detail::ServiceHandle> service_;
};

}  // namespace ipc::port
