// SPDX-License-Identifier: Apache-2.0
#include "driven_nodes.hpp"

#include "control/reactor.hpp"
#include "control/threadless_nodes.hpp"

#include <algorithm>

namespace ipc::wait_set {

void DrivenNodes::update(control::PollSet& poll_set) {
    const auto present = control::threadless_nodes_but(nullptr);
    if (present.empty() && nodes_.empty()) return;
    std::erase_if(nodes_, [](const auto& known) { return known.second.expired(); });
    for (const auto& node : present) {
        if (knows(node) || !poll_set.add(node->descriptor(), EPOLLIN, next_token_)) continue;
        nodes_.emplace(next_token_++, node);
    }
}

std::shared_ptr<control::Reactor> DrivenNodes::find(std::uint64_t token) const {
    const auto found = nodes_.find(token);
    return found == nodes_.end() ? nullptr : found->second.lock();
}

bool DrivenNodes::knows(const std::shared_ptr<control::Reactor>& node) const {
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& known) {
        return !known.second.owner_before(node) && !node.owner_before(known.second);
    });
}

}  // namespace ipc::wait_set
