// SPDX-License-Identifier: Apache-2.0
#include "port/own_handle.hpp"

#include "port/waiting.hpp"
#include "ring/atomics.hpp"

#include <utility>

namespace ipc::port {

tl::expected<int, control::CallFailure> OwnHandle::readable(control::Session& session, wire::Uuid port,
                                                            control::Patience patience) {
    if (const int known = readable_.load(std::memory_order_acquire); known >= 0) return known;
    const bool can_do_without = patience == control::Patience::while_there_is_a_broker;
    std::unique_lock lock{requesting_, std::defer_lock};
    if (!can_do_without)
        lock.lock();
    else if (!lock.try_lock())
        return tl::unexpected{control::CallFailure{}};
    if (const int known = readable_.load(std::memory_order_relaxed); known >= 0) return known;
    // A broker may be there and stand still. What was asked stays asked, and the next wait goes on with it.
    const auto deadline = can_do_without ? deadline_in(unwoken_look) : session.deadline();
    auto set = session.request_wake_handle(port, deadline, patience);
    if (!set) return tl::unexpected{std::move(set.error())};
    set_ = std::move(*set);
    own_.store(set_.get(), std::memory_order_release);  // pairs with wake()
    // Whoever did not see that has stored his news before: what is looked through from here on has it.
    ring::StdAtomics::full_fence();                                  // pairs with wake()
    readable_.store(set_->descriptor(), std::memory_order_release);  // pairs with the first line
    return set_->descriptor();
}

// Whoever wakes has stored his news before: either he sees the handle here, or the port, which asked for it,
// sees the news, a new connection for example, before it raises any wake word.
void OwnHandle::wake() const {
    ring::StdAtomics::full_fence();  // pairs with readable()
    // Acquire: pairs with readable().
    if (const control::WakeSet* const own = own_.load(std::memory_order_acquire)) own->wake();
}

bool OwnHandle::is_incomplete() const {
    // Acquire: pairs with readable().
    const control::WakeSet* const own = own_.load(std::memory_order_acquire);
    return own != nullptr && own->is_incomplete();
}

}  // namespace ipc::port
