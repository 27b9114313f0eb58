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

}  // namespace

// The number under which the answer will come; 0 where the broker is gone.
std::uint64_t Reactor::request(const wire::ClientMessage& message, Taking take) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock{mutex_};
        if (gone_) return 0;
        number = ++last_request_;
        answers_[number].take = std::move(take);
    }
    if (!transport_.send(message, number)) watch_socket();
    return number;
}

// An answer that did not come stays awaited.
Reactor::Asked Reactor::collect(std::uint64_t request, Clock::time_point deadline, int interrupt,
                                bool leads) {
    Asked asked;
    asked.waited =
        drive_until([&] { return gone_ || answers_.at(request).answer; }, deadline, interrupt, leads);
    const std::lock_guard lock{mutex_};
    asked.answer = std::exchange(answers_.at(request).answer, std::nullopt);
    return asked;
}

Reactor::Asked Reactor::ask(const wire::ClientMessage& message, Clock::time_point deadline, int interrupt,
                            Taking take) {
    // Before it is sent: the answer would wake the control thread too, to find that it is taken.
    const bool leads = begin_to_lead();
    const std::uint64_t number = request(message, std::move(take));
    if (number == 0) {
        if (leads) stop_leading();
        return {};
    }
    auto asked = collect(number, deadline, interrupt, leads);
    std::unique_lock lock{mutex_};
    // It may have come in between, and another thread may be at it.
    Awaited& awaited = answers_.at(number);
    changed_.wait(lock, [&] { return !awaited.being_taken; });
    if (awaited.answer) asked.answer = std::move(awaited.answer);
    answers_.erase(number);
    return asked;
}

Reactor::Asked Reactor::ask_for_wake_handle(wire::Uuid port, Clock::time_point deadline, int interrupt) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = wake_requests_.find(port); known != wake_requests_.end())
            number = known->second;
    }
    if (number == 0) number = request(wire::RequestWakeHandle{.port = port});
    if (number == 0) return {};
    auto asked = collect(number, deadline, interrupt, false);
    const std::lock_guard lock{mutex_};
    if (asked.answer || gone_) {
        answers_.erase(number);
        wake_requests_.erase(port);
    } else {
        wake_requests_[port] = number;
    }
    return asked;
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
            return gone_ || std::none_of(connections.begin(), connections.end(),
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
    for (;;) {
        if (leads || begin_to_lead()) return lead_until(done, deadline, interrupt);
        std::unique_lock lock{mutex_};
        while (driven_ && !done())
            if (changed_.wait_until(lock, deadline) == std::cv_status::timeout && !done())
                return Waited::Timeout;
        if (done()) return Waited::Done;
    }
}

bool Reactor::begin_to_lead() {
    if (!take_seat()) return false;
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
