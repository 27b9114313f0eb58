// SPDX-License-Identifier: Apache-2.0
#include "connection_table.hpp"

#include <utility>

namespace ipc::control {

void ConnectionTable::add_port(wire::Uuid port, std::weak_ptr<PortLink> link) {
    const std::lock_guard lock{mutex_};
    ports_.emplace(port, std::move(link));
}

std::vector<wire::Uuid> ConnectionTable::remove_port(wire::Uuid port) {
    const std::lock_guard lock{mutex_};
    std::vector<wire::Uuid> ended;
    if (ports_.erase(port) == 0) return ended;
    for (const auto& [half, peer] : halves_)
        if (half.port == port) ended.push_back(half.connection);
    for (const wire::Uuid& connection : ended) {
        const Half half{.connection = connection, .port = port};
        release(halves_.extract(half).mapped(), half);
    }
    return ended;
}

tl::expected<void, std::string> ConnectionTable::offered(wire::ConnectionOffered offer,
                                                         std::vector<shm::UniqueFd> descriptors) {
    const std::lock_guard lock{mutex_};
    auto link = link_of(offer.port);
    if (!link) return tl::unexpected{std::string{"the port was dropped meanwhile"}};
    auto peer = watch(offer.peer_node, std::move(descriptors[1]));
    if (!peer) return tl::unexpected{std::move(peer.error())};

    const Half half{.connection = offer.connection, .port = offer.port};
    halves_.emplace(half, *peer);
    peers_.at(*peer).halves.insert(half);
    Offer offered{.details = std::move(offer),
                  .connection_segment = shm::MemoryFile{std::move(descriptors[0])},
                  .data_segments = {},
                  .own_membarrier_registered = own_membarrier_.registered,
                  .own_membarrier_available = own_membarrier_.available};
    for (std::size_t i = 2; i < descriptors.size(); ++i)
        offered.data_segments.emplace_back(std::move(descriptors[i]));
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
    release(found.mapped(), half);
    if (auto link = link_of(half.port)) link->disconnect(half.connection, reason);
}

void ConnectionTable::wake_offered(wire::Uuid connection, wire::Uuid port, shm::UniqueFd handle) {
    const std::lock_guard lock{mutex_};
    if (!halves_.contains({.connection = connection, .port = port})) return;
    if (auto link = link_of(port)) link->wake_offered(connection, std::move(handle));
}

std::vector<wire::Uuid> ConnectionTable::peer_died(std::uint64_t token) {
    const std::lock_guard lock{mutex_};
    const auto found = peers_.find(token);
    if (found == peers_.end()) return {};
    const std::vector<Half> halves{found->second.halves.begin(), found->second.halves.end()};
    std::vector<wire::Uuid> ended;
    for (const Half& half : halves) {
        end(half, wire::RemovalReason::PeerDied);
        ended.push_back(half.connection);
    }
    return ended;
}

void ConnectionTable::close_descriptors() {
    for (auto& [token, peer] : peers_) peer.pidfd.reset();
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
    return found == ports_.end() ? nullptr : found->second.lock();
}

}  // namespace ipc::control
