// SPDX-License-Identifier: Apache-2.0
// What is attached. See attachment_set_run.cpp for waiting.
#include "attachment_set.hpp"

#include "attachment_errors.hpp"
#include "tokens.hpp"

#include <atomic>
#include <utility>

namespace ipc::wait_set {

namespace {

// Never used twice in a process: what was detached meanwhile is not mistaken for something else.
std::atomic<std::uint64_t> last_number{Tokens::first_attachment};

}  // namespace

tl::expected<std::shared_ptr<AttachmentSet>, shm::SystemError> AttachmentSet::create(
    bool handles_termination) {
    auto poll_set = control::PollSet::create();
    if (!poll_set) return tl::unexpected{poll_set.error()};
    auto timers = Timers::create();
    if (!timers) return tl::unexpected{timers.error()};
    auto stop = StopSignal::create();
    if (!stop) return tl::unexpected{stop.error()};
    std::shared_ptr<control::Termination> termination;
    if (handles_termination) {
        auto handled = control::Termination::handle();
        if (!handled) return tl::unexpected{handled.error()};
        termination = std::move(*handled);
        if (auto added = poll_set->add(termination->descriptor(), EPOLLIN, Tokens::termination); !added)
            return tl::unexpected{added.error()};
    }
    if (auto added = poll_set->add(timers->descriptor(), EPOLLIN, Tokens::timer); !added)
        return tl::unexpected{added.error()};
    if (auto added = poll_set->add((*stop)->descriptor(), EPOLLIN, Tokens::stop); !added)
        return tl::unexpected{added.error()};
    return std::make_shared<AttachmentSet>(std::move(*poll_set), std::move(*timers), std::move(*stop),
                                           std::move(termination));
}

AttachmentSet::AttachmentSet(control::PollSet poll_set, Timers timers, std::shared_ptr<StopSignal> stop,
                             std::shared_ptr<control::Termination> termination)
    : poll_set_{std::move(poll_set)},
      stop_{std::move(stop)},
      termination_{std::move(termination)},
      timers_{std::move(timers)} {}

AttachmentSet::Attached AttachmentSet::attach(std::shared_ptr<port::WaitSource> source,
                                              std::optional<Duration> deadline) {
    if (is_forked_copy()) return unexpected{attached_in_forked_process()};
    // The broker may have to be asked: without the lock.
    auto descriptor = source->attach();
    if (!descriptor) return unexpected{attachment_error(std::move(descriptor.error()))};
    return add({.descriptor = *descriptor, .source = std::move(source), .period = deadline});
}

AttachmentSet::Attached AttachmentSet::attach(int descriptor, std::optional<Duration> deadline) {
    if (is_forked_copy()) return unexpected{attached_in_forked_process()};
    return add({.descriptor = descriptor, .source = nullptr, .period = deadline});
}

AttachmentSet::Attached AttachmentSet::attach_interval(Duration interval) {
    if (is_forked_copy()) return unexpected{attached_in_forked_process()};
    return add({.is_interval = true, .source = nullptr, .period = interval});
}

AttachmentSet::Attached AttachmentSet::add(Attachment attachment) {
    if (attachment.period && *attachment.period <= Duration::zero())
        return unexpected{invalid_duration(*attachment.period)};
    const std::lock_guard lock{mutex_};
    const std::uint64_t number = last_number.fetch_add(1, std::memory_order_relaxed);
    const int descriptor = attachment.descriptor;
    if (!attachment.is_interval) {
        if (auto added = poll_set_.add(descriptor, EPOLLIN, number); !added)
            return unexpected{attachment_error(added.error(), descriptor)};
        by_descriptor_[descriptor] = number;
    }
    Attachment& kept = attachments_.emplace(number, std::move(attachment)).first->second;
    if (kept.period) {
        kept.expires = port::deadline_in(*kept.period);
        set_timer(kept.period_timer, {.due = kept.expires, .attachment = number});
    }
    nodes_.update(poll_set_);
    timers_.arm();
    return number;
}

void AttachmentSet::detach(std::uint64_t number) {
    if (is_forked_copy()) return;
    Attachment gone;  // ended without the lock: it may be the last of its port
    const std::lock_guard lock{mutex_};
    const auto found = attachments_.find(number);
    if (found == attachments_.end()) return;
    gone = std::move(found->second);
    attachments_.erase(found);
    if (gone.period_timer) timers_.remove(*gone.period_timer);
    if (gone.look_timer) timers_.remove(*gone.look_timer);
    // Unless its descriptor was closed, and its number is another attachment's now.
    if (const auto by = by_descriptor_.find(gone.descriptor);
        by != by_descriptor_.end() && by->second == number) {
        poll_set_.remove(gone.descriptor);
        by_descriptor_.erase(by);
    }
}

void AttachmentSet::set_timer(std::optional<Timers::Entry>& timer, const Timers::Entry& entry) {
    if (timer) timers_.remove(*timer);
    timer = entry;
    timers_.add(entry);
}

std::size_t AttachmentSet::size() const {
    const std::lock_guard lock{mutex_};
    return attachments_.size();
}

}  // namespace ipc::wait_set
