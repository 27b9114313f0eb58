// SPDX-License-Identifier: Apache-2.0
#include "threadless_nodes.hpp"

#include "control/reactor.hpp"

#include <algorithm>
#include <mutex>

namespace ipc::control {

namespace {

// Never destroyed: a static's destructor may still hold a node.
struct Registry {
    std::mutex mutex;
    std::vector<std::weak_ptr<Reactor>> nodes;
};

Registry& registry() {
    static Registry& instance = *new Registry;
    return instance;
}

}  // namespace

void register_threadless(const std::shared_ptr<Reactor>& reactor) {
    const std::lock_guard lock{registry().mutex};
    auto& nodes = registry().nodes;
    nodes.erase(std::remove_if(nodes.begin(), nodes.end(), [](const auto& node) { return node.expired(); }),
                nodes.end());
    nodes.push_back(reactor);
}

std::vector<std::shared_ptr<Reactor>> threadless_nodes_but(const Reactor* own) {
    std::vector<std::shared_ptr<Reactor>> others;
    const std::lock_guard lock{registry().mutex};
    for (const auto& weak : registry().nodes)
        if (auto node = weak.lock(); node && node.get() != own && !node->is_forked_copy())
            others.push_back(std::move(node));
    return others;
}

}  // namespace ipc::control
