// SPDX-License-Identifier: Apache-2.0
// What the broker says of further data segments, and waiting for those who take them.
#include "control/reactor.hpp"

#include <utility>

namespace ipc::control {

bool Reactor::announce_segment(wire::Numbered<wire::BrokerMessage>& message) {
    if (const auto* offer = std::get_if<wire::SegmentOffered>(&message.message))
        segment_offered(*offer, std::move(message.descriptors.front()));
    else if (const auto* ready = std::get_if<wire::SegmentReady>(&message.message))
        segment_taken(*ready);
    else if (const auto* gone = std::get_if<wire::SegmentWithdrawn>(&message.message))
        connections_.segment_withdrawn(gone->connection, gone->port, gone->segment);
    else if (const auto* left = std::get_if<wire::SegmentsLeft>(&message.message))
        connections_.segments_left(left->connection, left->port, left->segments);
    else
        return false;
    return true;
}

void Reactor::segment_offered(const wire::SegmentOffered& offer, shm::UniqueFd data) {
    auto taken = connections_.segment_offered(offer.connection, offer.port,
                                              {offer.segment, shm::MemoryFile{std::move(data)}});
    if (!taken)
        report_cut(offer.connection, std::move(taken.error()));
    else if (*taken)
        tell(wire::SegmentTaken{
            .connection = offer.connection, .port = offer.port, .segment = offer.segment.id});
}

void Reactor::segment_taken(const wire::SegmentReady& ready) {
    connections_.segment_ready(ready.connection, ready.port, ready.segment);
    const std::lock_guard lock{mutex_};
    const auto expected = untaken_.find(ready.segment);
    if (expected != untaken_.end() && expected->second.erase(ready.connection) != 0) changed_.notify_all();
}

void Reactor::expect_taken(wire::Uuid segment, const std::vector<wire::Uuid>& connections) {
    const std::lock_guard lock{mutex_};
    untaken_[segment].insert(connections.begin(), connections.end());
}

std::vector<wire::Uuid> Reactor::wait_until_taken(wire::Uuid segment, Clock::time_point deadline,
                                                  int interrupt) {
    (void)drive_until([&] { return bond_ != Bond::there || untaken_[segment].empty(); }, deadline, interrupt);
    const std::lock_guard lock{mutex_};
    const auto left = untaken_.extract(segment);
    // Without a broker nobody was asked.
    if (left.empty() || bond_ != Bond::there) return {};
    return {left.mapped().begin(), left.mapped().end()};
}

}  // namespace ipc::control
