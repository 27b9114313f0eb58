// SPDX-License-Identifier: Apache-2.0
// Waiting for what is attached, and calling back.
#include "attachment_set.hpp"
#include "control/reactor.hpp"
#include "tokens.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace ipc::wait_set {

namespace {

using Look = port::WaitSource::Look;

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

// Something may be there.
void AttachmentSet::look_at(std::uint64_t number, Happened& happened, const Callback& callback) {
    std::shared_ptr<port::WaitSource> source;
    {
        const std::lock_guard lock{mutex_};
        const auto found = attachments_.find(number);
        if (found == attachments_.end()) return;
        source = found->second.source;
    }
    if (source) {
        const Look look = source->look();
        if (look == Look::ended) return forget_ended(number);
        if (look == Look::quiet) return set_next_look(number, *source);
    }
    {
        const std::lock_guard lock{mutex_};
        const auto found = attachments_.find(number);
        if (found == attachments_.end()) return;
        if (Attachment& met = found->second; met.period) met.expires = port::deadline_in(*met.period);
    }
    happened.handled = true;
    happened.stop = callback({number, false}) == CallbackProgression::Stop;
    // A port that the callback emptied lies down now, rather than be found readable once more.
    if (source && source->look() == Look::quiet) set_next_look(number, *source);
}

void AttachmentSet::set_next_look(std::uint64_t number, const port::WaitSource& source) {
    const TimePoint next = source.next_look();
    if (next == TimePoint::max()) return;
    const std::lock_guard lock{mutex_};
    if (const auto found = attachments_.find(number); found != attachments_.end())
        set_timer(found->second.look_timer, {.due = next, .attachment = number, .kind = Timers::Kind::look});
    timers_.arm();
}

// The port is gone, and its descriptor may be readable for ever.
void AttachmentSet::forget_ended(std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    const auto found = attachments_.find(number);
    if (found == attachments_.end() || by_descriptor_.erase(found->second.descriptor) == 0) return;
    poll_set_.remove(found->second.descriptor);
}

// After the events: a deadline whose event is there was met.
void AttachmentSet::handle_due(Happened& happened, const Callback& callback) {
    // The kernel is told once, when all is done, and also if a callback throws.
    struct Rearmed {
        AttachmentSet& set;
        ~Rearmed() {
            const std::lock_guard lock{set.mutex_};
            set.timers_.arm();
        }
    } const rearmed{*this};
    {
        const std::lock_guard lock{mutex_};
        timers_.fired();
    }
    const TimePoint now = TimePoint::clock::now();
    while (!happened.stop) {
        std::unique_lock lock{mutex_};
        const auto entry = timers_.take(now);
        lock.unlock();
        if (!entry) return;
        if (entry->kind == Timers::Kind::look)
            look_at(entry->attachment, happened, callback);
        else
            period_over(entry->attachment, now, happened, callback);
    }
}

void AttachmentSet::period_over(std::uint64_t number, TimePoint now, Happened& happened,
                                const Callback& callback) {
    bool is_interval = false;
    {
        const std::lock_guard lock{mutex_};
        const auto found = attachments_.find(number);
        if (found == attachments_.end()) return;
        Attachment& attachment = found->second;
        is_interval = attachment.is_interval;
        const bool over = attachment.expires <= now;  // else an event has put the deadline off
        // The next one, but for those that are over already.
        if (over)
            attachment.expires += *attachment.period * ((now - attachment.expires) / *attachment.period + 1);
        set_timer(attachment.period_timer, {.due = attachment.expires, .attachment = number});
        if (!over) return;
    }
    happened.handled = true;
    happened.stop = callback({number, !is_interval}) == CallbackProgression::Stop;
}

}  // namespace ipc::wait_set
