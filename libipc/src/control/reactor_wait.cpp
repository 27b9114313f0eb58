// SPDX-License-Identifier: Apache-2.0
#include "control/reactor.hpp"
#include "control/threadless_nodes.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace ipc::control {

namespace {

constexpr std::chrono::microseconds longest_look{50};
constexpr unsigned waits_after_a_vain_look = 16;
constexpr std::chrono::milliseconds look_up_after{5};

// poll(2) that is not woken early, and waits at least a millisecond rather than spin on a rounded-down rest.
int milliseconds_until(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<decltype(left)>(left, 0, 60'000));
}

// Looks for so long before it sleeps. Says whether that was in vain.
bool poll_until(std::vector<pollfd>& descriptors, Clock::time_point looks_until, Clock::time_point deadline) {
    bool looked = false;
    while (Clock::now() < looks_until) {
        if (::poll(descriptors.data(), descriptors.size(), 0) != 0) return false;
        looked = true;
    }
    ::poll(descriptors.data(), descriptors.size(), milliseconds_until(deadline));
    return looked;
}

// Of a request that is about one port.
std::optional<wire::Uuid> port_of(const wire::ClientMessage& message) {
    if (const auto* wake = std::get_if<wire::RequestWakeHandle>(&message)) return wake->port;
    if (const auto* grow = std::get_if<wire::GrowPort>(&message)) return grow->port;
    if (const auto* mapped = std::get_if<wire::SegmentMapped>(&message)) return mapped->port;
    return std::nullopt;
}

}  // namespace

// The number under which the answer will come; 0 where no broker will. Without one just now, it is sent when
// the node is back.
std::uint64_t Reactor::request(const wire::ClientMessage& message, Taking take) {
    std::uint64_t number = 0;
    std::uint64_t stream = 0;
    {
        const std::lock_guard lock{mutex_};
        if (bond_ == Bond::gone) return 0;
        number = ++last_request_;
        Awaited& awaited = answers_[number];
        awaited.message = message;
        awaited.take = std::move(take);
        if (bond_ == Bond::there) stream = transport_.stream();
    }
    if (stream != 0) transmit(number, message, stream);
    return number;
}

void Reactor::transmit(std::uint64_t request, wire::ClientMessage message, std::uint64_t stream) {
    if (auto* create = std::get_if<wire::CreatePort>(&message)) {
        auto number = services_.number_of(create->service);
        if (auto* refused = std::get_if<wire::Refused>(&number)) return refuse(request, std::move(*refused));
        create->service = std::get<std::uint64_t>(number);
    } else if (const std::optional<wire::Uuid> port = port_of(message)) {
        if (!connections_.is_known(*port))
            return refuse(request, {.code = wire::Refusal::DoesNotExist,
                                    .message = "the broker did not take this port back after its restart"});
    }
    send(message, request, stream);
}

void Reactor::refuse(std::uint64_t request, wire::Refused why) {
    const std::lock_guard lock{mutex_};
    if (const auto asked = answers_.find(request); asked != answers_.end())
        asked->second.answer = wire::Numbered<wire::BrokerMessage>{
            .request = request, .message = std::move(why), .descriptors = {}};
    changed_.notify_all();
}

// An answer that did not come stays awaited.
Reactor::Asked Reactor::collect(std::uint64_t request, Clock::time_point deadline, int interrupt, bool leads,
                                Patience patience) {
    Asked asked;
    const auto is_hopeless = [&] {
        return bond_ == Bond::gone || (bond_ != Bond::there && patience == Patience::while_there_is_a_broker);
    };
    asked.waited =
        drive_until([&] { return is_hopeless() || answers_.at(request).answer; }, deadline, interrupt, leads);
    const std::lock_guard lock{mutex_};
    asked.answer = std::exchange(answers_.at(request).answer, std::nullopt);
    return asked;
}

Reactor::Asked Reactor::ask(const wire::ClientMessage& message, Clock::time_point deadline, int interrupt,
                            Taking take, Patience patience) {
    // Before it is sent: the answer would wake the control thread too, to find that it is taken.
    const bool leads = begin_to_lead();
    const std::uint64_t number = request(message, std::move(take));
    if (number == 0) {
        if (leads) stop_leading();
        return {};
    }
    auto asked = collect(number, deadline, interrupt, leads, patience);
    std::unique_lock lock{mutex_};
    // It may have come in between, and another thread may be at it.
    Awaited& awaited = answers_.at(number);
    changed_.wait(lock, [&] { return !awaited.being_taken; });
    if (awaited.answer) asked.answer = std::move(awaited.answer);
    answers_.erase(number);
    return asked;
}

Reactor::Asked Reactor::ask_for_wake_handle(wire::Uuid port, Clock::time_point deadline, int interrupt,
                                            Patience patience) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock{mutex_};
        if (bond_ != Bond::there && patience == Patience::while_there_is_a_broker) return {};
        if (const auto known = wake_requests_.find(port); known != wake_requests_.end())
            number = known->second;
    }
    // Noted by who reads it: a broker that comes back is told, whether or not somebody still waits.
    const auto note = [this, port](const wire::Numbered<wire::BrokerMessage>& answer) {
        if (std::holds_alternative<wire::WakeHandle>(answer.message)) connections_.wakes(port);
    };
    if (number == 0) number = request(wire::RequestWakeHandle{.port = port}, note);
    if (number == 0) return {};
    auto asked = collect(number, deadline, interrupt, false, patience);
    const std::lock_guard lock{mutex_};
    if (asked.answer || bond_ == Bond::gone) {
        answers_.erase(number);
        wake_requests_.erase(port);
    } else {
        wake_requests_[port] = number;
    }
    return asked;
}

// Unanswered, it would be sent to the next broker, which never heard of the port.
void Reactor::forget_wake_request(wire::Uuid port) {
    std::unique_lock lock{mutex_};
    const auto asked = wake_requests_.extract(port);
    if (asked.empty()) return;
    changed_.wait(lock, [&] { return !answers_.at(asked.mapped()).being_taken; });
    answers_.erase(asked.mapped());
}

void Reactor::expect_ready(const std::vector<wire::Uuid>& connections) {
    const std::lock_guard lock{mutex_};
    unready_.insert(connections.begin(), connections.end());
}

Reactor::Waited Reactor::wait_until_ready(const std::vector<wire::Uuid>& connections,
                                          Clock::time_point deadline, int interrupt) {
    if (connections.empty()) return Waited::Done;
    const Waited waited = drive_until(
        [&] {
            return bond_ != Bond::there ||
                   std::none_of(connections.begin(), connections.end(),
                                [&](const wire::Uuid& id) { return unready_.contains(id); });
        },
        deadline, interrupt);
    const std::lock_guard lock{mutex_};
    for (const wire::Uuid& id : connections) unready_.erase(id);
    return waited;
}

// `done` is asked with the mutex held. One of those who wait takes the seat and reads for all; when it has
// what it waited for, the next one does.
Reactor::Waited Reactor::drive_until(const std::function<bool()>& done, Clock::time_point deadline,
                                     int interrupt, bool leads) {
    for (;; leads = false) {
        const bool led = leads || begin_to_lead();
        const Waited waited =
            led ? lead_until(done, deadline, interrupt) : wait_for_others(done, deadline, interrupt);
        if (waited != Waited::Done) return waited;
        const std::lock_guard lock{mutex_};
        if (done()) return Waited::Done;
    }
}

// Somebody else reads the socket; or there is none, and the control thread looks for a broker.
bool Reactor::waits_for_others() const {
    return driven_ || (drive_ == Drive::Thread && bond_ != Bond::there);
}

Reactor::Waited Reactor::wait_for_others(const std::function<bool()>& done, Clock::time_point deadline,
                                         int interrupt) {
    std::unique_lock lock{mutex_};
    while (waits_for_others() && !done()) {
        // Without a socket nobody has an eye on the request to terminate.
        const bool looks_up = bond_ != Bond::there;
        changed_.wait_until(lock, looks_up ? std::min(deadline, Clock::now() + look_up_after) : deadline);
        if (done()) break;
        if (Clock::now() >= deadline) return Waited::Timeout;
        pollfd asked{.fd = interrupt, .events = POLLIN, .revents = 0};
        if (looks_up && ::poll(&asked, 1, 0) > 0) return Waited::Interrupted;
    }
    return Waited::Done;
}

bool Reactor::begin_to_lead() {
    {
        const std::lock_guard lock{mutex_};
        if (waits_for_others()) return false;
        driven_ = true;
    }
    if (drive_ == Drive::Thread) set_led(true);
    return true;
}

void Reactor::stop_leading() {
    // In this order: the next one to lead hides the socket again after this, not before.
    if (drive_ == Drive::Thread) set_led(false);
    leave_seat();
}

// On a processor of its own the broker answers in less time than a sleeping one takes to wake up; on the same
// one it mostly runs as soon as it is asked. Where it does not, because others want to run too, looking only
// delays it, and so does not go on.
std::chrono::microseconds Reactor::time_to_look() {
    static const bool several_processors = ::sysconf(_SC_NPROCESSORS_ONLN) > 1;
    if (!several_processors) return {};
    if (sleeps_at_once_ == 0) return longest_look;
    --sleeps_at_once_;
    return {};
}

Reactor::Waited Reactor::lead_until(const std::function<bool()>& done, Clock::time_point deadline,
                                    int interrupt) {
    Waited waited = Waited::Done;
    const auto looks_until = Clock::now() + time_to_look();
    for (;;) {
        {
            const std::lock_guard lock{mutex_};
            const bool is_done = done();
            if (is_done) waited = Waited::Done;
            if (is_done || waited != Waited::Done) break;
            if (drive_ == Drive::Thread && bond_ != Bond::there) break;  // the control thread's now
        }
        waited = wait_for_events(looks_until, deadline, interrupt);
    }
    stop_leading();
    return waited;
}

// Does what there is to do when something happens. Done here means that more may come.
Reactor::Waited Reactor::wait_for_events(Clock::time_point looks_until, Clock::time_point deadline,
                                         int interrupt) {
    const bool has_thread = drive_ == Drive::Thread;
    const auto others = threadless_nodes_but(this);
    std::vector<pollfd> descriptors;
    descriptors.push_back({.fd = interrupt, .events = POLLIN, .revents = 0});
    const auto wanted = static_cast<short>(transport_.wants_to_write() ? POLLIN | POLLOUT : POLLIN);
    if (has_thread)
        descriptors.push_back({.fd = transport_.descriptor(), .events = wanted, .revents = 0});
    else
        descriptors.push_back({.fd = descriptor(), .events = POLLIN, .revents = 0});
    for (const auto& other : others)
        descriptors.push_back({.fd = other->descriptor(), .events = POLLIN, .revents = 0});

    if (poll_until(descriptors, looks_until, deadline)) sleeps_at_once_ = waits_after_a_vain_look;
    if (descriptors[1].revents != 0) has_thread ? handle_socket() : handle_events(0);
    for (std::size_t i = 0; i < others.size(); ++i)
        if (descriptors[2 + i].revents != 0) others[i]->process();
    if (Clock::now() >= deadline) return Waited::Timeout;
    return descriptors[0].revents != 0 ? Waited::Interrupted : Waited::Done;
}

}  // namespace ipc::control
