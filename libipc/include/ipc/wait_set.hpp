// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/callback_progression.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/signal_handling.hpp"
#include "ipc/wait_set_attachment.hpp"
#include "ipc/wait_set_error.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace ipc::port {
class WaitSource;
}

namespace ipc::wait_set {
class StopSignal;
}

namespace ipc {

// A subscriber, a listener: whatever is sent to it can be waited for.
template <class Port>
concept ReceivingPort = requires(const Port& receiver) {
    { receiver.wait_source() } -> std::same_as<std::shared_ptr<port::WaitSource>>;
};

// Ends or wakes the waits of a wait set, from any thread; copies are the same. Does not keep the set. Without
// effect in a forked child.
class IPC_API WaitSetStopHandle {
 public:
    // The wait that is going on, or else the next one, returns StopRequest.
    void stop() const;
    // The wait that is going on, or else the next one, looks round; wait_and_process_once returns.
    void wake() const;

 private:
    friend class WaitSet;
    explicit WaitSetStopHandle(std::shared_ptr<wait_set::StopSignal> signal) : signal_{std::move(signal)} {}

    std::shared_ptr<wait_set::StopSignal> signal_;
};

// Waits for many things at once: ports, descriptors, intervals, deadlines. What is attached and idle costs
// nothing when something else happens, be it thousands. Nodes of this process that have no thread are driven
// while it waits.
//
// Anything may be attached and detached by any thread, and in the callback; one thread waits at a time.
class IPC_API WaitSet {
 public:
    using Callback = std::function<CallbackProgression(const WaitSetAttachmentId&)>;
    using Attached = expected<WaitSetGuard, Error<WaitSetAttachmentError>>;

    // Calls back when something can be received, again and again until it was. The port may be moved
    // meanwhile; once it has ended its attachment is silent. Asks the broker, and waits for it, where the
    // port was not waited for before.
    template <ReceivingPort Port>
    Attached attach_notification(const Port& receiver) {
        return attach(receiver.wait_source(), std::nullopt);
    }
    // Calls back when the descriptor is readable, hung up or in error, again and again until it is not; once
    // too often, perhaps, if an earlier callback has read it already.
    Attached attach_notification(int descriptor);

    // The same, and also whenever nothing came for `deadline` (more than 0) since the last event that was
    // called back for, the last miss, or the beginning.
    template <ReceivingPort Port>
    Attached attach_deadline(const Port& receiver, std::chrono::nanoseconds deadline) {
        return attach(receiver.wait_source(), deadline);
    }
    Attached attach_deadline(int descriptor, std::chrono::nanoseconds deadline);

    // Calls back every `interval` (more than 0) from now on; once for all that are over where it comes late.
    Attached attach_interval(std::chrono::nanoseconds interval);

    // Sleeps until something happens and calls back for it, for ever: until the callback says Stop, a stop
    // handle does, or the process is asked to terminate. What a callback throws comes through.
    expected<WaitSetRunResult, Error<WaitSetRunError>> wait_and_process(const Callback& callback);
    // Sleeps until something happens, calls back for all of it, and returns.
    expected<WaitSetRunResult, Error<WaitSetRunError>> wait_and_process_once(const Callback& callback);
    // The same, or returns AllEventsHandled after `timeout`. With 0 it does not sleep.
    expected<WaitSetRunResult, Error<WaitSetRunError>> wait_and_process_once_with_timeout(
        const Callback& callback, std::chrono::nanoseconds timeout);

    // For another event loop, or another wait set: readable when wait_and_process_once has something to do.
    // Never read it; it lives as long as the set.
    int file_descriptor() const;

    WaitSetStopHandle stop_handle() const;

    std::size_t size() const;  // attachments

 private:
    friend class WaitSetBuilder;
    explicit WaitSet(std::shared_ptr<wait_set::AttachmentSet> set) : set_{std::move(set)} {}
    Attached attach(std::shared_ptr<port::WaitSource> source,
                    std::optional<std::chrono::nanoseconds> deadline);
    Attached guarded(expected<std::uint64_t, Error<WaitSetAttachmentError>> attachment);

    std::shared_ptr<wait_set::AttachmentSet> set_;
};

class IPC_API WaitSetBuilder {
 public:
    // Default: HandleTerminationRequests, as a node would: SIGINT and SIGTERM end the set's waits.
    WaitSetBuilder& signal_handling_mode(SignalHandlingMode mode);

    // Needs three descriptors, no node and no broker.
    expected<WaitSet, Error<WaitSetCreateError>> create() const;

 private:
    SignalHandlingMode signal_handling_mode_ = SignalHandlingMode::HandleTerminationRequests;
};

}  // namespace ipc
