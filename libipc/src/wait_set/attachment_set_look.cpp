// SPDX-License-Identifier: Apache-2.0
// What has happened to an attachment, and calling back for it.
#include "attachment_set.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace ipc::wait_set {

namespace {
using Look = port::WaitSource::Look;
}

// Nothing: it is not attached any more. Null: it is no port.
std::optional<std::shared_ptr<port::WaitSource>> AttachmentSet::source_of(std::uint64_t number) const {
    const std::lock_guard lock{mutex_};
    const auto found = attachments_.find(number);
    if (found == attachments_.end()) return std::nullopt;
    return found->second.source;
}

// Its descriptor is readable.
void AttachmentSet::look_at(std::uint64_t number, Happened& happened, const Callback& callback) {
    const auto attached = source_of(number);
    if (!attached) return;
    port::WaitSource* const source = attached->get();
    if (source != nullptr) {
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
    if (source != nullptr && source->look() == Look::quiet) set_next_look(number, *source);
}

// Its descriptor may be quiet although something is there: then it becomes readable.
void AttachmentSet::look_unwoken(std::uint64_t number) {
    const auto attached = source_of(number);
    if (!attached) return;
    port::WaitSource& source = **attached;
    const Look look = source.look();
    if (look == Look::something_there) source.wake();
    if (look == Look::quiet) set_next_look(number, source);
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
            look_unwoken(entry->attachment);
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
