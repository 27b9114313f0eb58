// SPDX-License-Identifier: Apache-2.0
#include "port/own_handle.hpp"

#include "port/wake.hpp"
#include "ring/atomics.hpp"

#include <utility>

namespace ipc::port {

tl::expected<int, control::CallFailure> OwnHandle::readable(control::Session& session, wire::Uuid port,
                                                            control::Patience patience) {
    if (const int known = readable_.load(std::memory_order_acquire); known >= 0) return known;
    std::unique_lock lock{requesting_, std::defer_lock};
    if (patience == control::Patience::until_there_is_a_broker)
        lock.lock();
    else if (!lock.try_lock())
        return tl::unexpected{control::CallFailure{}};
    if (const int known = readable_.load(std::memory_order_relaxed); known >= 0) return known;
    auto ends = session.request_wake_handle(port, session.deadline(), patience);
    if (!ends) return tl::unexpected{std::move(ends.error())};
    ends_ = std::move(*ends);
    writable_.store(ends_.writable.get(), std::memory_order_release);  // pairs with wake()
    // Whoever did not see that has stored his news before: what is looked through from here on has it.
    ring::StdAtomics::full_fence();                                    // pairs with wake()
    readable_.store(ends_.readable.get(), std::memory_order_release);  // pairs with the first line
    return ends_.readable.get();
}

// Whoever wakes has stored his news before: either he sees the handle here, or the port, which asked for it,
// sees the news, a new connection for example, before it raises any wake word.
void OwnHandle::wake() const {
    ring::StdAtomics::full_fence();                         // pairs with readable()
    port::wake(writable_.load(std::memory_order_acquire));  // pairs with readable()
}

}  // namespace ipc::port
