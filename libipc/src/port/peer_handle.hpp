// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "port/waiting.hpp"
#include "port/wake.hpp"
#include "ring/atomics.hpp"
#include "shm/unique_fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <utility>

namespace ipc::port {

// The line that wakes the other end of a connection (control/wake_set.hpp). The node's control thread hands
// it over while the port is in use.
class PeerHandle {
 public:
    void wake() const { port::wake(number_.load(std::memory_order_relaxed)); }

    // Hands it over and wakes the peer. Whether the peer may rely on it from now on.
    //
    // The port stores its news (a publication, a read position), passes its wake fence, and then looks for
    // the handle. The fence here meets that one: either the port sees the handle, or the peer, which this
    // wakes, sees the news.
    // A second, from a broker that came back, takes the place of the first, at once and under the number that
    // the port may be using just now: the peer has the other end of this one only.
    [[nodiscard]] bool take(shm::UniqueFd handle, const control::Session& session) {
        if (handle_) {
            if (::dup3(handle.get(), handle_.get(), O_CLOEXEC) < 0) return false;
        } else {
            handle_ = std::move(handle);
            number_.store(handle_.get(), std::memory_order_relaxed);
        }
        const bool ordered = fence_before_sleep(session);
        wake();
        return ordered;
    }

    // Nobody uses the port's end of the connection any more.
    void drop() {
        number_.store(-1, std::memory_order_relaxed);
        handle_.reset();
    }

 private:
    shm::UniqueFd handle_;
    std::atomic<int> number_{-1};
};

// Which fence this end needs between its news and its look at the peer's wake word. Light: this process
// passes a barrier when the peer calls membarrier before it sleeps, and can call it for itself when it hands
// over a handle.
inline ring::WakeFence wake_fence_towards(const control::Offer& offer) {
    return offer.own_membarrier_registered && offer.own_membarrier_available &&
                   offer.details.peer_membarrier_available
               ? ring::WakeFence::light
               : ring::WakeFence::full;
}

}  // namespace ipc::port
