// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/connection_inbox.hpp"
#include "port/outgoing_connection.hpp"
#include "port/sending_port.hpp"
#include "ring/history_writer.hpp"
#include "service/service_handle.hpp"
#include "shm/fork_guard.hpp"
#include "shm/mapping.hpp"

#include <ipc/backpressure.hpp>
#include <ipc/degradation.hpp>
#include <ipc/untyped/publisher.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::port {

struct PublisherSettings {
    std::uint64_t max_loaned_samples = 0;
    std::optional<std::uint64_t> max_slice_len;  // elements; where payloads are slices
    BackpressureStrategy strategy = BackpressureStrategy::RetryUntilDelivered;
    BackpressureHandler backpressure_handler;
    DegradationHandler degradation_handler;
    bool thread_safe = false;
    bool huge_pages = false;
    AllocationStrategy allocation = AllocationStrategy::Static;
    shm::Residence residence = shm::Residence::when_touched;
};

// The port of a Publisher. What the control thread has for it (connections made and ended) goes through an
// inbox, whose flag each operation looks at once.
//
// The port owns itself: it ends once the Publisher and all its loans are gone, and their number is the count
// of loans that there is anyway.
class PublisherPort final : public control::PortLink, private SendingPort {
 public:
    static tl::expected<PublisherPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, PublisherSettings settings);

    PublisherPort(std::shared_ptr<detail::ServiceHandle> service, PublisherSettings settings,
                  const wire::PortCreated& created, shm::Mapping data);

    // The Publisher's operations; by one thread at a time, or under the lock of a thread_safe publisher.
    detail::LoanedChunk loan();
    detail::LoanedChunk loan_slice(std::uint64_t elements);
    // How many subscribers got it, or -1 - the error.
    std::int64_t send(ring::ChunkId chunk);
    void return_loan(ring::ChunkId chunk);
    expected<std::size_t, SendError> update_connections();
    void close();

    wire::Uuid id() const { return id_; }
    const wire::PublishSubscribeSettings& service() const {
        return service_->settings<wire::PublishSubscribeSettings>();
    }
    const layout::Sample& sample() const { return block_; }

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override;
    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override;
    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override;
    void segment_begins(std::uint32_t number) override;
    void segment_ready(wire::Uuid connection, std::uint32_t number) override;

 private:
    using Connection = std::shared_ptr<OutgoingConnection>;

    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }
    // Whether an operation has to do more than usual first: take up connections, or a lock; or be refused.
    bool is_disturbed() const { return is_forked_copy() || thread_safe_ || inbox_.has_changes(); }
    // Likewise, or handle a slice.
    bool needs_attention() const { return is_forked_copy() || special_ || inbox_.has_changes(); }
    std::unique_lock<std::mutex> attend() {
        auto lock = lock_if_shared();
        if (inbox_.has_changes()) take_changes();
        return lock;
    }
    void end_if_unused(std::unique_lock<std::mutex> lock);

    bool has_changes() const override { return inbox_.has_changes(); }
    void take_changes() override;
    void forget(const OutgoingPeer& peer) override;
    const char* receiver_name() const override { return "subscriber"; }
    void take_up(const Connection& connection);
    void let_go(const Connection& connection);

    detail::LoanedChunk loan_attended(std::uint64_t elements);
    std::int64_t send_slice(ring::ChunkId chunk);
    std::uint64_t number(ring::ChunkId chunk);
    std::int64_t send_attended(ring::ChunkId chunk);
    void stamp(std::uint64_t sequence, ring::ChunkId chunk);
    void record_history(std::uint64_t sequence, ring::ChunkId chunk);

    const std::uint32_t generation_ = shm::fork_generation();
    const bool special_;  // shared by threads, or of slices
    const bool plain_;    // neither timestamp nor history
    bool open_ = true;    // there is a Publisher
    ConnectionInbox<OutgoingConnection> inbox_;

    std::optional<ring::HistoryWriter<ring::StdAtomics>> history_;
    const wire::Uuid id_;
    SharedHandle own_handle_{SharedHandle::Sleepers::one};
    std::vector<Connection> connections_;

    std::shared_ptr<PublisherPort> self_;
    std::shared_ptr<detail::ServiceHandle> service_;
};

}  // namespace ipc::port
