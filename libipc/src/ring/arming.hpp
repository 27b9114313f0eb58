// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ipc::ring {

// What is done before a thread sleeps, in the one order that loses no wake-up; by a receiver that found
// nothing, and by a sender that found no room (to which room is what data is to a receiver):
//
// 1. drain(): read the own handle empty. After raising would be too late: a byte that was written for this
// very
//    raise would be swallowed, and none follows, for the other side wakes once a generation.
// 2. raise the wake word of every connection.
// 3. heavy_fence(): the other side either sees the raise after it published, or its publication is seen in 4.
// 4. look at every connection again.
//
// Returns whether something is there. A receiver then writes one byte into its own handle; a sender goes on.
// `connections` is any range of things with raise_wake() and has_data(). Where connections are added
// meanwhile, by somebody who adds and then writes a byte into the handle, it is looked through as it is at 2.
// and at 4., and no earlier: then that byte is either read away before the connection is raised, or is still
// there.
template <class Connections, class Drain, class HeavyFence>
[[nodiscard]] bool arm(Connections&& connections, Drain&& drain, HeavyFence&& heavy_fence) {
    drain();
    for (auto& connection : connections) connection.raise_wake();
    heavy_fence();
    for (auto& connection : connections)
        if (connection.has_data()) return true;
    return false;
}

}  // namespace ipc::ring
