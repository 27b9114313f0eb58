// SPDX-License-Identifier: Apache-2.0
// A send that finds full rings in a service without safe overflow.
#include "port/sending.hpp"
#include "port/waiting.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ipc::port {

namespace {

using Clock = std::chrono::steady_clock;

// About what waking a sleeping process costs: a receiver that is at work makes room within that.
constexpr std::chrono::microseconds spin_time{20};
constexpr int looks_between_clock_reads = 64;
// A handler is asked again after this at the latest, so that it can give up.
constexpr std::chrono::milliseconds between_questions{10};

void pause_processor() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

}  // namespace

std::optional<SendError> SendingPort::wait_for_room(Sending& sending) {
    std::optional<SendError> failure;
    bool has_waited = false;
    const auto started = Clock::now();
    for (std::uint64_t retries = 0; awaiting_ != 0; ++retries) {
        if (!decide(retries, Clock::now() - started)) failure = SendError::UnableToDeliver;
        if (awaiting_ == 0) break;
        if (session_.termination_requested()) {
            for (OutgoingRing* const ring : rings_) ring->awaits_room = false;
            lost_.add(awaiting_);
            awaiting_ = 0;
            return SendError::Interrupted;
        }
        if (!has_waited) blocked_.add(1);
        has_waited = true;
        if (!spin_for_room()) sleep_for_room();
        if (has_changes()) take_changes();
        awaiting_ = 0;
        for (OutgoingRing* const ring : rings_)
            if (std::exchange(ring->awaits_room, false) && !ring->corrupted) retry(*ring, sending);
    }
    return failure;
}

// Which of the full connections are waited for. False: a handler wants the send to fail.
bool SendingPort::decide(std::uint64_t retries, std::chrono::nanoseconds elapsed) {
    bool succeeds = true;
    for (OutgoingRing* const ring : rings_) {
        if (!ring->awaits_room) continue;
        auto action = BackpressureAction::FollowBackpressureStrategy;
        if (settings_.backpressure_handler)
            action = settings_.backpressure_handler(
                {.sender = {port_.high, port_.low},
                 .receiver = {ring->peer->peer_port.high, ring->peer->peer_port.low},
                 .retries = retries,
                 .elapsed = elapsed});
        if (action == BackpressureAction::Retry ||
            (action == BackpressureAction::FollowBackpressureStrategy &&
             settings_.strategy == BackpressureStrategy::RetryUntilDelivered))
            continue;
        if (action == BackpressureAction::DiscardDataAndFail) succeeds = false;
        ring->awaits_room = false;
        --awaiting_;
        lost_.add(1);
    }
    return succeeds;
}

// Whether a retry has something to do: room, a receiver that is gone, or one that cheats.
bool SendingPort::any_room() {
    using Room = ring::DeliverySender<ring::StdAtomics>::Room;
    return std::any_of(rings_.begin(), rings_.end(), [this](OutgoingRing* ring) {
        if (!ring->awaits_room) return false;
        if (ring->sender.receiver_closed(ring->stream)) return true;
        return ring->peer->has_segment(awaited_segment_) && ring->sender.room() != Room::full;
    });
}

bool SendingPort::spin_for_room() {
    const auto end = Clock::now() + spin_time;
    do {
        for (int look = 0; look < looks_between_clock_reads; ++look) {
            if (any_room() || has_changes()) return true;
            pause_processor();
        }
    } while (Clock::now() < end);
    return false;
}

// In the order of ring/arming.hpp: read the own handle empty, raise, fence, look again.
void SendingPort::sleep_for_room() {
    const auto handle = sleep_.readable(session_, port_, control::Patience::while_there_is_a_broker);
    // Without a broker there is no handle to be had; then looking now and then has to do.
    if (!handle) return sleep_on(session_, -1, deadline_in(unwoken_look));
    (void)sleep_.drain();
    bool confirmed = !sleep_.is_incomplete();
    for (OutgoingRing* const ring : rings_)
        if (ring->awaits_room) {
            ring->sender.raise_wake();
            confirmed = confirmed && ring->sender.receiver_has_handle();
        }
    const bool ordered = fence_before_sleep(session_);
    // The flag is set before the control thread writes its byte, so one of the two is seen.
    if (any_room() || has_changes()) return;
    Deadline deadline = settings_.backpressure_handler ? deadline_in(between_questions) : Deadline::max();
    if (!ordered) deadline = std::min(deadline, deadline_in(unwoken_look));
    if (!confirmed) deadline = std::min(deadline, deadline_in(unconfirmed_look));
    sleep_on(session_, *handle, deadline);
}

}  // namespace ipc::port
