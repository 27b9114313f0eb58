// SPDX-License-Identifier: Apache-2.0
// What the control thread posted, taken up by the publisher's own thread; and connections that it cuts.
#include "port/publisher_port.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

expected<std::size_t, SendError> PublisherPort::update_connections() {
    if (is_forked_copy()) return unexpected{SendError::ForkedProcess};
    const auto lock = lock_if_shared();
    if (service_->session()->control_descriptor() >= 0) service_->session()->process();
    if (inbox_.has_changes()) take_changes();
    return connections_.size();
}

void PublisherPort::take_changes() {
    inbox_.take([this](const Connection& added) { take_up(added); },
                [this](const Connection& ended) { let_go(ended); });
}

// What was sent before is in the history, and what comes next goes through the ring: a receiver that joins
// the two learns here where.
void PublisherPort::take_up(const Connection& connection) {
    connection->sender.publish_first_live(sent_.value() + 1);
    if (connection->sender.receiver_wants_wake()) connection->receiver_handle.wake();
    connections_.push_back(connection);
}

void PublisherPort::let_go(const Connection& connection) {
    const auto found = std::find(connections_.begin(), connections_.end(), connection);
    if (found == connections_.end()) return;  // cut already
    connection->sender.take_back_all([this](ring::ChunkId chunk) { give_back(chunk); });
    connections_.erase(found);
}

// Their receivers wrote what no honest receiver can have written. Nothing of theirs is believed any more, and
// nobody else notices.
void PublisherPort::cut_corrupted() {
    corruption_found_ = false;
    const auto cut =
        std::stable_partition(connections_.begin(), connections_.end(),
                              [](const Connection& connection) { return !connection->corrupted; });
    std::vector<Connection> corrupted{cut, connections_.end()};
    connections_.erase(cut, connections_.end());
    for (const Connection& connection : corrupted) {
        connection->sender.take_back_all([this](ring::ChunkId chunk) { give_back(chunk); });
        cut_.add(1);
        const std::string detail =
            "the subscriber wrote a read position or a return flag that it cannot have reached";
        service_->session()->report_cut(connection->id, detail);
        if (settings_.degradation_handler)
            settings_.degradation_handler({.port = {id_.high, id_.low},
                                           .peer = {connection->peer_port.high, connection->peer_port.low},
                                           .detail = detail});
    }
}

}  // namespace ipc::port
