// SPDX-License-Identifier: Apache-2.0
// Waiting for what is attached. See attachment_set_look.cpp for what is done then.
#include "attachment_set.hpp"
#include "control/reactor.hpp"
#include "tokens.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string>
#include <utility>

namespace ipc::wait_set {

namespace {

Error<WaitSetRunError> why_not(WaitSetRunError code, std::string message) {
    return {code, std::move(message)};
}

}  // namespace

AttachmentSet::Ran AttachmentSet::run(const Callback& callback, Until until, TimePoint deadline) {
    if (is_forked_copy())
        return unexpected{why_not(WaitSetRunError::ForkedProcess,
                                  "this wait set belongs to the process that forked this one; create a wait "
                                  "set here")};
    while (true) {
        if (const auto ended = why_to_end()) return *ended;
        if (!prepare())
            return unexpected{why_not(WaitSetRunError::NoAttachments,
                                      "nothing is attached to this wait set: it would sleep for ever")};
        const int count = sleep(deadline);
        if (count < 0 && errno != EINTR)
            return unexpected{
                why_not(WaitSetRunError::InternalFailure, shm::failed("epoll_pwait2").value().message())};
        const auto events = static_cast<std::size_t>(std::max(count, 0));
        Happened happened = handle_own_events(events);
        if (!happened.stop) handle_attachments(events, happened, callback);
        if (!happened.stop && happened.timer_fired) handle_due(happened, callback);
        if (happened.stop) return WaitSetRunResult::StopRequest;
        if (until == Until::stopped) continue;
        if (happened.handled || happened.woken || TimePoint::clock::now() >= deadline)
            return why_to_end().value_or(WaitSetRunResult::AllEventsHandled);
    }
}

std::optional<WaitSetRunResult> AttachmentSet::why_to_end() const {
    if (!termination_ || !termination_->requested()) return std::nullopt;
    return termination_->signal() == SIGINT ? WaitSetRunResult::Interrupt
                                            : WaitSetRunResult::TerminationRequest;
}

// False: nothing is attached.
bool AttachmentSet::prepare() {
    const std::lock_guard lock{mutex_};
    nodes_.update(poll_set_);
    timers_.arm();
    // Room for all that can happen at once: what is ready is handled in one round.
    constexpr std::size_t own_descriptors = 16;
    if (events_.size() < by_descriptor_.size() + own_descriptors)
        events_.resize(2 * by_descriptor_.size() + own_descriptors);
    return !attachments_.empty();
}

int AttachmentSet::sleep(TimePoint deadline) {
    const int room = static_cast<int>(events_.size());
    if (deadline == TimePoint::max())
        return ::epoll_pwait2(poll_set_.descriptor(), events_.data(), room, nullptr, nullptr);
    const timespec left = port::time_until(deadline);
    return ::epoll_pwait2(poll_set_.descriptor(), events_.data(), room, &left, nullptr);
}

AttachmentSet::Happened AttachmentSet::handle_own_events(std::size_t count) {
    Happened happened;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t token = events_[i].data.u64;
        if (token == Tokens::stop) {
            happened.woken = true;
            happened.stop = stop_->take() == StopSignal::Asked::stop;
        } else if (token == Tokens::timer) {
            happened.timer_fired = true;
        } else if (token >= DrivenNodes::first_token) {
            std::unique_lock lock{mutex_};
            const auto node = nodes_.find(token);
            lock.unlock();
            if (node) node->process();
        }
    }
    return happened;
}

// Whoever is called may attach and detach, and so may other threads: each is looked up when it is its turn.
void AttachmentSet::handle_attachments(std::size_t count, Happened& happened, const Callback& callback) {
    for (std::size_t i = 0; i < count && !happened.stop; ++i)
        if (const std::uint64_t token = events_[i].data.u64;
            token >= Tokens::first_attachment && token < DrivenNodes::first_token)
            look_at(token, happened, callback);
}

}  // namespace ipc::wait_set
