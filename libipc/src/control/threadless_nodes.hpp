// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

namespace ipc::control {

class Reactor;

// The nodes of this process that have no thread. Whoever waits for the broker drives them meanwhile: the
// answer may depend on one of them, and the thread that waits may be the one that should drive it.
void register_threadless(const std::shared_ptr<Reactor>& reactor);
std::vector<std::shared_ptr<Reactor>> threadless_nodes_but(const Reactor* own);

}  // namespace ipc::control
