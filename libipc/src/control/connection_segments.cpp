// SPDX-License-Identifier: Apache-2.0
// Further data segments: what a node's ports have grown, and what their counterparts have.
#include "connection_table.hpp"

#include <utility>

namespace ipc::control {

bool ConnectionTable::add_segment(wire::Uuid port, const wire::DataSegment& segment, shm::UniqueFd data) {
    const std::lock_guard lock{mutex_};
    const auto found = ports_.find(port);
    const auto link = link_of(port);
    if (found == ports_.end() || !link) return false;
    link->segment_begins(segment.number);
    found->second.further.emplace(segment.id, Segment{.number = segment.number, .data = std::move(data)});
    return true;
}

void ConnectionTable::remove_segment(wire::Uuid port, wire::Uuid segment) {
    const std::lock_guard lock{mutex_};
    if (const auto found = ports_.find(port); found != ports_.end()) found->second.further.erase(segment);
}

std::vector<wire::Uuid> ConnectionTable::expect_takers(wire::Uuid port,
                                                       const std::vector<wire::Uuid>& offered) {
    const std::lock_guard lock{mutex_};
    std::vector<wire::Uuid> expected;
    for (const wire::Uuid& connection : offered)
        if (const auto half = halves_.find({.connection = connection, .port = port});
            half == halves_.end() || !half->second.lags)  // one that is not here yet is on its way
            expected.push_back(connection);
    return expected;
}

void ConnectionTable::waited_in_vain_for(wire::Uuid port, const std::vector<wire::Uuid>& connections) {
    const std::lock_guard lock{mutex_};
    for (const wire::Uuid& connection : connections)
        if (const auto half = halves_.find({.connection = connection, .port = port}); half != halves_.end())
            half->second.lags = true;
}

void ConnectionTable::segment_ready(wire::Uuid connection, wire::Uuid port, wire::Uuid segment) {
    const std::lock_guard lock{mutex_};
    const Half key{.connection = connection, .port = port};
    const auto half = halves_.find(key);
    if (half == halves_.end()) return;
    half->second.lags = false;
    const auto& further = ports_.at(port).further;
    const auto known = further.find(segment);
    if (known == further.end()) return;  // given back meanwhile
    if (const auto link = link_of(key)) link->segment_ready(connection, known->second.number);
}

tl::expected<bool, std::string> ConnectionTable::segment_offered(wire::Uuid connection, wire::Uuid port,
                                                                 FurtherSegment segment) {
    const std::lock_guard lock{mutex_};
    const auto link = link_of(Half{.connection = connection, .port = port});
    if (!link) return false;  // it ended meanwhile
    if (auto mapped = link->segment_offered(connection, std::move(segment)); !mapped)
        return tl::unexpected{std::move(mapped.error())};
    return true;
}

void ConnectionTable::segment_withdrawn(wire::Uuid connection, wire::Uuid port, wire::Uuid segment) {
    const std::lock_guard lock{mutex_};
    if (const auto link = link_of(Half{.connection = connection, .port = port}))
        link->segment_withdrawn(connection, segment);
}

void ConnectionTable::segments_left(wire::Uuid connection, wire::Uuid port,
                                    const std::vector<wire::Uuid>& segments) {
    const std::lock_guard lock{mutex_};
    if (const auto link = link_of(Half{.connection = connection, .port = port}))
        link->segments_left(connection, segments);
}

std::shared_ptr<PortLink> ConnectionTable::link_of(const Half& half) const {
    return halves_.contains(half) ? link_of(half.port) : nullptr;
}

std::optional<std::vector<ConnectionTable::PresentedSegment>> ConnectionTable::present_further(
    const Port& port) const {
    std::vector<PresentedSegment> presented;
    for (const auto& [segment, further] : port.further) {
        auto copy = further.data.duplicate();
        if (!copy) return std::nullopt;
        presented.push_back({.segment = segment, .data = std::move(copy)});
    }
    return presented;
}

}  // namespace ipc::control
