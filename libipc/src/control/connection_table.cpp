// SPDX-License-Identifier: Apache-2.0
#include "connection_table.hpp"

#include <iterator>
#include <utility>

namespace ipc::control {

void ConnectionTable::add_port(wire::Uuid port, std::weak_ptr<PortLink> link, shm::UniqueFd data) {
    const std::lock_guard lock{mutex_};
    ports_.emplace(port,
                   Port{.link = std::move(link), .data = std::move(data), .further = {}, .wake_set = {}});
}

tl::expected<std::shared_ptr<WakeSet>, shm::SystemError> ConnectionTable::wake_set(wire::Uuid port) {
    const std::lock_guard lock{mutex_};
    const auto found = ports_.find(port);
    if (found != ports_.end() && found->second.wake_set) return found->second.wake_set;
    auto set = WakeSet::create();
    if (!set || found == ports_.end()) return set;
    for (const auto& [half, held] : halves_)
        if (half.port == port) (*set)->expect(half.connection);
    found->second.wake_set = *set;
    return set;
}

void ConnectionTable::wakes(wire::Uuid port) {
    const std::lock_guard lock{mutex_};
    if (const auto found = ports_.find(port); found != ports_.end()) found->second.wakes = true;
}

tl::expected<void, std::string> ConnectionTable::wake_expected(wire::Uuid connection, wire::Uuid port,
                                                               shm::UniqueFd line) {
    const std::lock_guard lock{mutex_};
    const auto found = ports_.find(port);
    if (found == ports_.end() || !found->second.wake_set) return {};             // it was dropped meanwhile
    if (!halves_.contains({.connection = connection, .port = port})) return {};  // or cut
    if (auto added = found->second.wake_set->add(connection, std::move(line)); !added)
        return tl::unexpected{added.error().message()};
    return {};
}

ConnectionTable::Removed ConnectionTable::remove_port(wire::Uuid port) {
    const std::lock_guard lock{mutex_};
    Removed removed;
    const auto found = ports_.extract(port);
    if (found.empty()) return removed;
    removed.is_known = found.mapped().is_known;
    for (const auto& [half, held] : halves_)
        if (half.port == port) removed.connections.push_back(half.connection);
    for (const wire::Uuid& connection : removed.connections) {
        const Half half{.connection = connection, .port = port};
        release(halves_.extract(half).mapped().peer, half);
    }
    return removed;
}

void ConnectionTable::not_readopted(wire::Uuid port) {
    const std::lock_guard lock{mutex_};
    if (const auto found = ports_.find(port); found != ports_.end()) found->second.is_known = false;
}

bool ConnectionTable::is_known(wire::Uuid port) const {
    const std::lock_guard lock{mutex_};
    const auto found = ports_.find(port);
    return found == ports_.end() || found->second.is_known;
}

tl::expected<void, std::string> ConnectionTable::offered(wire::ConnectionOffered offer,
                                                         std::vector<shm::UniqueFd> descriptors) {
    const std::lock_guard lock{mutex_};
    auto link = link_of(offer.port);
    if (!link) return tl::unexpected{std::string{"the port was dropped meanwhile"}};
    auto peer = watch(offer.peer_node, std::move(descriptors[1]));
    if (!peer) return tl::unexpected{std::move(peer.error())};

    const Half half{.connection = offer.connection, .port = offer.port};
    // A broker may die before the other half has this segment: then it comes from here.
    halves_.insert_or_assign(half, HeldHalf{.peer = *peer, .segment = descriptors[0].duplicate()});
    peers_.at(*peer).halves.insert(half);
    if (const auto& set = ports_.at(half.port).wake_set) set->expect(half.connection);
    Offer offered{.details = std::move(offer),
                  .connection_segment = shm::MemoryFile{std::move(descriptors[0])},
                  .data_segments = {},
                  .further = {},
                  .taken = {},
                  .own_membarrier_registered = own_membarrier_.registered,
                  .own_membarrier_available = own_membarrier_.available};
    // As many as the message says: the codec has counted them.
    const wire::ConnectionOffered& details = offered.details;
    auto next = std::next(descriptors.begin(), 2);
    for (std::size_t i = 0; i < details.data_sizes.size(); ++i)
        offered.data_segments.emplace_back(std::move(*next++));
    for (const wire::DataSegment& segment : details.segments)
        offered.further.push_back({segment, shm::MemoryFile{std::move(*next++)}});
    const auto& own = ports_.at(half.port).further;
    for (const wire::Uuid& segment : details.taken)
        if (const auto known = own.find(segment); known != own.end())
            offered.taken.push_back(known->second.number);
    auto connected = link->connect(std::move(offered));
    if (!connected && halves_.erase(half) != 0) release(*peer, half);
    return connected;
}

void ConnectionTable::removed(wire::Uuid connection, wire::Uuid port, wire::RemovalReason reason) {
    const std::lock_guard lock{mutex_};
    end({.connection = connection, .port = port}, reason);
}

void ConnectionTable::end(const Half& half, wire::RemovalReason reason) {
    const auto found = halves_.extract(half);
    // Its peer's pidfd may have said so before the broker did.
    if (found.empty()) return;
    release(found.mapped().peer, half);
    if (auto link = link_of(half.port)) link->disconnect(half.connection, reason);
}

void ConnectionTable::wake_offered(wire::Uuid connection, wire::Uuid port, shm::UniqueFd handle) {
    const std::lock_guard lock{mutex_};
    const auto half = halves_.find({.connection = connection, .port = port});
    if (half == halves_.end()) return;
    half->second.wakes = true;
    if (auto link = link_of(port)) link->wake_offered(connection, std::move(handle));
}

void ConnectionTable::ready(wire::Uuid connection, wire::Uuid port) {
    const std::lock_guard lock{mutex_};
    const auto found = halves_.find({.connection = connection, .port = port});
    if (found == halves_.end()) return;
    found->second.segment.reset();
    found->second.waits = false;
}

std::vector<ConnectionTable::Ended> ConnectionTable::peer_died(std::uint64_t token) {
    const std::lock_guard lock{mutex_};
    const auto found = peers_.find(token);
    if (found == peers_.end()) return {};
    const std::vector<Half> halves{found->second.halves.begin(), found->second.halves.end()};
    std::vector<Ended> ended;
    for (const Half& half : halves) {
        const auto held = halves_.find(half);
        ended.push_back({.half = {.connection = half.connection, .port = half.port},
                         .waits = held != halves_.end() && held->second.waits});
        end(half, wire::RemovalReason::PeerDied);
    }
    return ended;
}

std::optional<ConnectionTable::Presented> ConnectionTable::present(
    const std::unordered_set<wire::Uuid>& cut) {
    const std::lock_guard lock{mutex_};
    // The broker that was told is gone, and the next one never hears of them.
    std::vector<Half> over;
    for (const auto& [half, held] : halves_)
        if (cut.contains(half.connection)) over.push_back(half);
    for (const Half& half : over) end(half, wire::RemovalReason::Cut);
    bool complete = true;
    const auto copy_of = [&](const shm::UniqueFd& kept) {
        auto copy = kept ? kept.duplicate() : shm::UniqueFd{};
        complete = complete && static_cast<bool>(copy) == static_cast<bool>(kept);
        return copy;
    };
    Presented presented;
    for (const auto& [id, port] : ports_)
        if (port.is_known) {
            auto further = present_further(port);
            complete = complete && further;
            presented.ports.push_back(
                {.port = id,
                 .data = copy_of(port.data),
                 .wakes = port.wakes,
                 .further = further ? std::move(*further) : std::vector<PresentedSegment>{}});
        }
    for (auto& [half, held] : halves_) {
        if (!is_known(half.port)) continue;
        held.waits = true;
        presented.halves.push_back({.half = {.connection = half.connection,
                                             .port = half.port,
                                             .wakes = held.wakes,
                                             .woken = is_woken(half)},
                                    .segment = copy_of(held.segment)});
    }
    if (!complete) return std::nullopt;
    return presented;
}

bool ConnectionTable::is_woken(const Half& half) const {
    const auto port = ports_.find(half.port);
    return port != ports_.end() && port->second.wake_set && port->second.wake_set->has(half.connection);
}

void ConnectionTable::close_descriptors() {
    const std::unique_lock whole{mutex_, std::try_to_lock};
    if (!whole) return;
    for (auto& [token, peer] : peers_) peer.pidfd.reset();
    for (auto& [half, held] : halves_) held.segment.reset();
    for (auto& [id, port] : ports_) {
        port.data.reset();
        for (auto& [segment, further] : port.further) further.data.reset();
        if (port.wake_set) port.wake_set->close_descriptors();
    }
}

// One watch for all connections with the same node.
tl::expected<std::uint64_t, std::string> ConnectionTable::watch(wire::Uuid node, shm::UniqueFd pidfd) {
    if (const auto known = peer_of_node_.find(node); known != peer_of_node_.end()) return known->second;
    const std::uint64_t token = next_token_++;
    if (auto added = poll_set_.add(pidfd.get(), EPOLLIN, token); !added)
        return tl::unexpected{"the peer's process cannot be watched: " + added.error().message()};
    peers_.emplace(token, Peer{.pidfd = std::move(pidfd), .node = node, .halves = {}});
    peer_of_node_.emplace(node, token);
    return token;
}

void ConnectionTable::release(std::uint64_t token, const Half& half) {
    if (const auto port = ports_.find(half.port); port != ports_.end() && port->second.wake_set)
        port->second.wake_set->remove(half.connection);
    const auto found = peers_.find(token);
    if (found == peers_.end()) return;
    found->second.halves.erase(half);
    if (!found->second.halves.empty()) return;
    poll_set_.remove(found->second.pidfd.get());
    peer_of_node_.erase(found->second.node);
    peers_.erase(found);
}

std::shared_ptr<PortLink> ConnectionTable::link_of(wire::Uuid port) const {
    const auto found = ports_.find(port);
    return found == ports_.end() ? nullptr : found->second.link.lock();
}

}  // namespace ipc::control
