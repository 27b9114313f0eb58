// SPDX-License-Identifier: Apache-2.0
// What the control thread posted, taken up by the publisher's own thread.
#include "port/publisher_port.hpp"

namespace ipc::port {

expected<std::size_t, SendError> PublisherPort::update_connections() {
    if (is_forked_copy()) return unexpected{SendError::ForkedProcess};
    const auto lock = lock_if_shared();
    if (service_->session()->control_descriptor() >= 0) service_->session()->process();
    if (inbox_.has_changes()) take_changes();
    give_back_all_idle();
    return connections_.size();
}

void PublisherPort::take_changes() {
    inbox_.take([this](const Connection& added) { take_up(added); },
                [this](const Connection& ended) { let_go(ended); });
}

// What was sent before is in the history, and what comes next goes through the ring: a receiver that joins
// the two learns here where.
void PublisherPort::take_up(const Connection& connection) {
    connection->ring.sender.publish_first_live(sent_.value() + 1);
    if (connection->ring.sender.receiver_wants_wake()) connection->receiver_handle.wake();
    connections_.push_back(connection);
    add_ring(connection->ring);
}

void PublisherPort::let_go(const Connection& connection) {
    remove_rings(*connection);  // none, where it was cut already
    forget(*connection);
}

void PublisherPort::forget(const OutgoingPeer& peer) {
    std::erase_if(connections_, [&](const Connection& connection) { return connection.get() == &peer; });
}

}  // namespace ipc::port
