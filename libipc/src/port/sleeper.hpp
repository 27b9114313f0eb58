// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "port/handle_share.hpp"
#include "port/waiting.hpp"
#include "ring/arming.hpp"
#include "ring/atomics.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace ipc::port {

// What a receiving port sleeps on. `places` is what it receives from: besides what ring/arming.hpp asks of
// them, each says whether its sender can wake. It is the table itself, and no picture of it: a place that was
// added, and whose wake-up is drained here, has to be raised with the others. `also_there()`
// is whether there is something that came another way; who brought it calls wake() afterwards. Used by
// several threads at once.
class Sleeper {
 public:
    explicit Sleeper(SharedHandle& handle) : handle_{handle} {}

    // Whether the descriptor was handed out, so that whoever polls it expects it to be quiet after a look
    // that found nothing.
    bool is_watched() const { return watched_.load(std::memory_order_relaxed); }

    tl::expected<int, control::CallFailure> descriptor(control::Session& session, wire::Uuid port) {
        auto handle = handle_.readable(session, port, control::Patience::until_there_is_a_broker);
        if (!handle) return handle;
        // Readable once, so that the first look, which arms it, is not forgotten.
        handle_.wake();
        watched_.store(true, std::memory_order_relaxed);
        return handle;
    }

    // What a wait set sleeps on, which looks by itself: nobody else expects it to be quiet.
    tl::expected<int, control::CallFailure> attach(control::Session& session, wire::Uuid port) {
        auto handle = handle_.readable(session, port, control::Patience::until_there_is_a_broker);
        if (handle) handle_.wake();  // as above
        return handle;
    }

    // For a wait set, after a look that found nothing: whether there is something now.
    template <class Places, class AlsoThere>
    bool lie_down(control::Session& session, wire::Uuid port, const Places& places, AlsoThere&& also_there) {
        const auto handle = handle_.readable(session, port, control::Patience::while_there_is_a_broker);
        if (!handle) return false;  // cannot be: attach() has got it
        const Armed armed = arm(session, places, also_there);
        ordered_.store(armed != Armed::unordered, std::memory_order_relaxed);
        return armed == Armed::something_there;
    }
    // Until when it may lie like that; Deadline::max() where it is sure to be woken.
    template <class Places>
    Deadline next_look(const Places& places) const {
        return next_look(ordered_.load(std::memory_order_relaxed) ? Armed::quiet : Armed::unordered, places);
    }

    // After a look that found nothing.
    template <class Places, class AlsoThere>
    [[gnu::noinline]] void be_quiet(control::Session& session, wire::Uuid port, const Places& places,
                                    AlsoThere&& also_there) {
        const auto handle = handle_.readable(session, port, control::Patience::while_there_is_a_broker);
        if (!handle) return;  // cannot be: descriptor() has got it
        // Where the order is unknown, whoever polls the descriptor has to look again by himself.
        if (arm(session, places, also_there) == Armed::unordered) handle_.wake();
    }

    // Likewise, and sleeps until there may be something, or the deadline.
    template <class Places, class AlsoThere>
    void sleep(control::Session& session, wire::Uuid port, const Places& places, AlsoThere&& also_there,
               Deadline deadline) {
        const auto handle = handle_.readable(session, port, control::Patience::while_there_is_a_broker);
        // Without a broker there is none to be had; then looking now and then has to do.
        if (!handle) return sleep_on(session, -1, std::min(deadline, deadline_in(unwoken_look)));
        const Armed armed = arm(session, places, also_there);
        if (armed != Armed::something_there)
            sleep_on(session, *handle, std::min(deadline, next_look(armed, places)));
    }

    void wake() const { handle_.wake(); }
    // For another who waits for something else: the connections that were raised are not all of his, and
    // nobody polls the descriptor yet.
    void begin_again() {
        watched_.store(false, std::memory_order_relaxed);
        disturb();
    }
    // There is a new connection, whose wake word was not raised with the others. The handle is woken then.
    void disturb() { arming_.disturb(); }

 private:
    using Armed = ring::Arming<ring::StdAtomics>::Armed;

    template <class Places, class AlsoThere>
    Armed arm(const control::Session& session, const Places& places, AlsoThere&& also_there) {
        const Armed armed = arming_.arm(
            places, [&] { return handle_.drain(); }, [&] { return fence_before_sleep(session); }, also_there);
        if (armed == Armed::something_there) handle_.wake();
        return armed;
    }

    template <class Places>
    Deadline next_look(Armed armed, const Places& places) const {
        if (armed == Armed::unordered) return deadline_in(unwoken_look);
        if (handle_.is_incomplete()) return deadline_in(unconfirmed_look);
        for (auto&& place : places)
            if (!place.sender_can_wake()) return deadline_in(unconfirmed_look);
        return Deadline::max();
    }

    std::atomic<bool> watched_{false};
    ring::Arming<ring::StdAtomics> arming_;
    std::atomic<bool> ordered_{true};  // when it lay down last, the fence was there
    HandleShare handle_;
};

}  // namespace ipc::port
