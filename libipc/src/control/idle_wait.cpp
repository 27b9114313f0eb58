// SPDX-License-Identifier: Apache-2.0
#include "idle_wait.hpp"

#include "control/reactor.hpp"
#include "control/threadless_nodes.hpp"

#include <poll.h>

#include <algorithm>
#include <ctime>
#include <vector>

namespace ipc::control {

namespace {

// A longer wait would overflow the clock; nobody notices that it comes round.
constexpr std::chrono::nanoseconds longest = std::chrono::hours{24 * 365};

timespec until(Clock::time_point deadline) {
    const auto left =
        std::max<std::chrono::nanoseconds>(deadline - Clock::now(), std::chrono::nanoseconds{0});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    return {.tv_sec = static_cast<std::time_t>(seconds.count()),
            .tv_nsec = static_cast<long>((left - seconds).count())};
}

}  // namespace

bool wait_for_termination(const Session& session, std::chrono::nanoseconds duration) {
    const auto deadline = Clock::now() + std::min(duration, longest);
    for (;;) {
        if (session.termination_requested()) return false;
        const auto nodes = threadless_nodes_but(nullptr);
        std::vector<pollfd> descriptors{
            {.fd = session.termination_descriptor(), .events = POLLIN, .revents = 0}};
        for (const auto& node : nodes)
            descriptors.push_back({.fd = node->descriptor(), .events = POLLIN, .revents = 0});
        const timespec timeout = until(deadline);
        // A signal whose handler is the application's own ends the sleep, not the wait.
        const int ready = ::ppoll(descriptors.data(), descriptors.size(), &timeout, nullptr);
        if (ready > 0)
            for (std::size_t i = 0; i < nodes.size(); ++i)
                if (descriptors[1 + i].revents != 0) nodes[i]->process();
        if (Clock::now() >= deadline) return !session.termination_requested();
    }
}

}  // namespace ipc::control
