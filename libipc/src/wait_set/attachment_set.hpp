// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/poll_set.hpp"
#include "control/termination.hpp"
#include "port/wait_source.hpp"
#include "shm/fork_guard.hpp"
#include "wait_set/driven_nodes.hpp"
#include "wait_set/stop_signal.hpp"
#include "wait_set/timers.hpp"

#include <ipc/callback_progression.hpp>
#include <ipc/expected.hpp>
#include <ipc/wait_set_attachment.hpp>
#include <ipc/wait_set_error.hpp>

#include <sys/epoll.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ipc::wait_set {

// What is attached to one wait set, and waiting for it. Shared by set and guards.
class AttachmentSet {
 public:
    using Duration = std::chrono::nanoseconds;
    using Attached = expected<std::uint64_t, Error<WaitSetAttachmentError>>;
    using Ran = expected<WaitSetRunResult, Error<WaitSetRunError>>;
    using Callback = std::function<CallbackProgression(const WaitSetAttachmentId&)>;

    static tl::expected<std::shared_ptr<AttachmentSet>, shm::SystemError> create(bool handles_termination);
    AttachmentSet(control::PollSet poll_set, Timers timers, std::shared_ptr<StopSignal> stop,
                  std::shared_ptr<control::Termination> termination);

    // Each gives the attachment's number. A port, a foreign descriptor, and none of them.
    Attached attach(std::shared_ptr<port::WaitSource> source, std::optional<Duration> deadline);
    Attached attach(int descriptor, std::optional<Duration> deadline);
    Attached attach_interval(Duration interval);
    // Nothing in a forked child, whose poll set is still the parent's.
    void detach(std::uint64_t number);

    enum class Until : std::uint8_t { stopped, something_was_handled };
    Ran run(const Callback& callback, Until until, TimePoint deadline);

    int descriptor() const { return poll_set_.descriptor(); }
    const std::shared_ptr<StopSignal>& stop_signal() const { return stop_; }
    std::size_t size() const;

 private:
    struct Attachment {
        bool is_interval = false;
        int descriptor = -1;                       // of an interval: none
        std::shared_ptr<port::WaitSource> source;  // of an interval, and of a foreign descriptor: none
        std::optional<Duration> period;            // of an interval or a deadline
        TimePoint expires = TimePoint::max();      // when it is over; its timer may be set for earlier
        std::optional<Timers::Entry> period_timer;
        std::optional<Timers::Entry> look_timer;
    };

    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }
    Attached add(Attachment attachment);
    void set_timer(std::optional<Timers::Entry>& timer, const Timers::Entry& entry);

    // Of a wait.
    std::optional<WaitSetRunResult> why_to_end() const;
    bool prepare();
    int sleep(TimePoint deadline);
    struct Happened {
        bool woken = false;        // by a stop handle
        bool timer_fired = false;  // then something may be due
        bool handled = false;      // the callback was called
        bool stop = false;         // it said so, or a stop handle did
    };
    Happened handle_own_events(std::size_t count);
    void handle_attachments(std::size_t count, Happened& happened, const Callback& callback);
    void handle_due(Happened& happened, const Callback& callback);
    void look_at(std::uint64_t number, Happened& happened, const Callback& callback);
    void set_next_look(std::uint64_t number, const port::WaitSource& source);
    void look_unwoken(std::uint64_t number);
    std::optional<std::shared_ptr<port::WaitSource>> source_of(std::uint64_t number) const;
    void period_over(std::uint64_t number, TimePoint now, Happened& happened, const Callback& callback);
    void forget_ended(std::uint64_t number);

    const std::uint32_t generation_ = shm::fork_generation();
    control::PollSet poll_set_;
    const std::shared_ptr<StopSignal> stop_;
    const std::shared_ptr<control::Termination> termination_;

    mutable std::mutex mutex_;  // of what follows, but for events_; not held while somebody is called
    Timers timers_;
    DrivenNodes nodes_;
    std::unordered_map<std::uint64_t, Attachment> attachments_;
    std::unordered_map<int, std::uint64_t> by_descriptor_;

    std::vector<epoll_event> events_;  // the waiting thread's
};

}  // namespace ipc::wait_set
