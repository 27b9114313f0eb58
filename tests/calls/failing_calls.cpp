// SPDX-License-Identifier: Apache-2.0
#include "calls/failing_calls.hpp"

#include "calls/eligible.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <set>
#include <stdexcept>
#include <system_error>

namespace calls {

namespace {

// Jumps in a filter are short, so each call is looked for by two instructions of its own.
std::vector<sock_filter> filter_program() {
    std::set<int> numbers;
    for (const Eligible& call : eligible_calls()) numbers.insert(call.number);
    std::vector<sock_filter> program{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offsetof(seccomp_data, nr)))};
    for (const int number : numbers) {
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
        program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
    }
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return program;
}

// For this thread, and what it starts. The descriptor tells of each call; -1 where it is not allowed.
int ask_about_calls() {
    auto program = filter_program();
    const sock_fprog description{.len = static_cast<unsigned short>(program.size()),
                                 .filter = program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return static_cast<int>(
        ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &description));
}

bool is_meant(const Eligible& call, const seccomp_data& made) {
    if (call.number != made.nr) return false;
    const std::uint64_t value = made.args[call.argument];
    switch (call.only) {
        case Eligible::Only::equals:
            return value == call.value;
        case Eligible::Only::has_not:
            return (value & call.value) == 0;
        case Eligible::Only::always:
            break;
    }
    return true;
}

// A pipe, an eventfd or a timer does not fail as a disk does.
bool is_file(std::uint32_t thread, std::uint64_t descriptor) {
    std::array<char, 2> path{};
    const std::string link = "/proc/" + std::to_string(thread) + "/fd/" + std::to_string(descriptor);
    return ::readlink(link.c_str(), path.data(), path.size()) > 0 && path[0] == '/';
}

const Eligible* find(const seccomp_notif& asked) {
    for (const Eligible& call : eligible_calls())
        if (is_meant(call, asked.data))
            return call.of_files && !is_file(asked.pid, asked.data.args[0]) ? nullptr : &call;
    return nullptr;
}

bool is_thread_of_ours(std::uint32_t thread) {
    return ::access(("/proc/self/task/" + std::to_string(thread)).c_str(), F_OK) == 0;
}

}  // namespace

bool FailingCalls::possible() {
    bool fine = false;
    std::thread{[&] {
        const ipc::shm::UniqueFd listener{ask_about_calls()};
        fine = static_cast<bool>(listener);
    }}.join();
    return fine;
}

FailingCalls::FailingCalls(Whose whose, Chosen chosen, const std::function<void()>& body)
    : whose_{whose}, chosen_{chosen} {
    std::atomic<int> listener{-2};
    std::thread runner{[&] {
        listener = ask_about_calls();
        listener.notify_one();
        if (listener >= 0) body();
    }};
    listener.wait(-2);
    listener_ = ipc::shm::UniqueFd{listener};
    if (listener_) watcher_ = std::thread{[this] { watch(); }};
    runner.join();
    if (!listener_) throw std::runtime_error{"this kernel does not let us answer system calls"};
}

FailingCalls::~FailingCalls() {
    watcher_.join();
}

std::string FailingCalls::what() const {
    if (!failed_) return "no call failed";
    return std::string{eligible_calls()[static_cast<std::size_t>(failed_call_)].name} + ": " +
           std::generic_category().message(failed_with_);
}

// Ends when nobody is left whose calls it would hear of.
void FailingCalls::watch() {
    pollfd waited{.fd = listener_.get(), .events = POLLIN, .revents = 0};
    while (::poll(&waited, 1, -1) >= 0 || errno == EINTR) {
        if ((waited.revents & POLLIN) == 0) {
            if ((waited.revents & POLLHUP) != 0) return;
            continue;
        }
        seccomp_notif asked{};
        if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) continue;  // it died meanwhile
        seccomp_notif_resp answer{};
        answer.id = asked.id;
        answer.error = error_for(asked);
        if (answer.error == 0) answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        (void)::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);  // likewise
    }
}

int FailingCalls::error_for(const seccomp_notif& asked) {
    const Eligible* call = find(asked);
    if (call == nullptr || (whose_ == Whose::OfPrograms && is_thread_of_ours(asked.pid))) return 0;
    if (count_++ != chosen_.call) return 0;
    const int error = call->errors[chosen_.alternative % call->errors.size()];
    alternatives_ = call->errors.size();
    failed_call_ = static_cast<int>(call - eligible_calls().data());
    failed_with_ = error;
    failed_ = true;
    return -error;
}

}  // namespace calls
