// SPDX-License-Identifier: Apache-2.0
#include "termination.hpp"

#include "shm/fork_guard.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>

namespace ipc::control {

namespace {

constexpr std::array<int, 2> handled{SIGINT, SIGTERM};

// What the handler reads: all of it lock-free, all of it there before the handler is.
std::atomic<int> requested_by{0};  // the first signal that asked
std::atomic<int> event_descriptor{-1};
std::atomic<std::uint32_t> installed_in_generation{0};
std::array<struct sigaction, handled.size()> before;
static_assert(std::atomic<int>::is_always_lock_free);

std::size_t index_of(int signal) {
    return signal == handled[0] ? 0 : 1;
}

bool is_function(const struct sigaction& action) {
    return (action.sa_flags & SA_SIGINFO) != 0 ||
           (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
}

void on_signal(int signal, siginfo_t* information, void* context) {
    const int error = errno;
    const struct sigaction& previous = before[index_of(signal)];
    if (installed_in_generation.load(std::memory_order_relaxed) != shm::fork_generation()) {
        // A forked child: the event descriptor is the parent's. As if this handler had never been there; the
        // signal is blocked while we are here and comes again when we return.
        ::sigaction(signal, &previous, nullptr);
        ::raise(signal);
        errno = error;
        return;
    }
    int nobody = 0;
    requested_by.compare_exchange_strong(nobody, signal, std::memory_order_relaxed);
    const std::uint64_t one = 1;
    (void)!::write(event_descriptor.load(std::memory_order_relaxed), &one, sizeof one);
    if ((previous.sa_flags & SA_SIGINFO) != 0)
        previous.sa_sigaction(signal, information, context);
    else if (is_function(previous))
        previous.sa_handler(signal);
    errno = error;
}

bool is_ours(const struct sigaction& action) {
    return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == on_signal;
}

void install() {
    struct sigaction action {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    for (const int signal : handled) {
        struct sigaction current {};
        ::sigaction(signal, nullptr, &current);
        if (is_ours(current)) continue;  // a forked child's copy: what was before it is in `before` already
        before[index_of(signal)] = current;
        if ((current.sa_flags & SA_SIGINFO) != 0 || current.sa_handler != SIG_IGN)
            ::sigaction(signal, &action, nullptr);
    }
}

void restore() {
    for (const int signal : handled) {
        struct sigaction current {};
        ::sigaction(signal, nullptr, &current);
        if (is_ours(current)) ::sigaction(signal, &before[index_of(signal)], nullptr);
    }
}

std::mutex installing;
std::weak_ptr<Termination> installed;

}  // namespace

tl::expected<std::shared_ptr<Termination>, shm::SystemError> Termination::handle() {
    const std::lock_guard lock{installing};
    const bool same_process =
        installed_in_generation.load(std::memory_order_relaxed) == shm::fork_generation();
    if (auto existing = installed.lock(); existing && same_process) return existing;
    if (event_descriptor.load(std::memory_order_relaxed) < 0 || !same_process) {
        // Kept for the life of the process, as the request is; a forked child gets one of its own.
        const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (descriptor < 0) return shm::failed("eventfd");
        event_descriptor.store(descriptor, std::memory_order_relaxed);
        requested_by.store(0, std::memory_order_relaxed);
    }
    installed_in_generation.store(shm::fork_generation(), std::memory_order_relaxed);
    install();
    std::shared_ptr<Termination> handling{new Termination};
    installed = handling;
    return handling;
}

Termination::~Termination() {
    const std::lock_guard lock{installing};
    // In a forked child, and where somebody else began anew meanwhile, the handlers are not ours to take.
    if (installed_in_generation.load(std::memory_order_relaxed) != shm::fork_generation()) return;
    if (installed.expired()) restore();
}

bool Termination::requested() const {
    return signal() != 0;
}

int Termination::signal() const {
    return requested_by.load(std::memory_order_relaxed);
}

int Termination::descriptor() const {
    return event_descriptor.load(std::memory_order_relaxed);
}

}  // namespace ipc::control
