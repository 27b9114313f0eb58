// SPDX-License-Identifier: Apache-2.0
#include "crash/steps.hpp"

#include "crash/plain_system_call.hpp"
#include "crash/shared_memory.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace crash {

#if defined(__x86_64__)

namespace {

constexpr long long trap_flag = 0x100;

struct Count {
    bool running = false;
    std::uint64_t steps = 0;
    std::uint64_t last = 0;
    int socket = -1;
    std::array<char, 4096> kinds{};  // of the first ones
};

Count count;
SharedMemory shared;

[[noreturn]] void halt(const char* what, long number) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "halted before %s %ld", what, number);
    plain_system_call(SYS_sendto, {count.socket, reinterpret_cast<long>(text.data()), size, MSG_NOSIGNAL});
    while (true) plain_system_call(SYS_pause, {});
}

void step(StepKind kind, const char* what, long number) {
    if (!count.running) return;
    if (++count.steps == count.last) halt(what, number);
    if (count.steps <= count.kinds.size()) count.kinds[count.steps - 1] = static_cast<char>(kind);
}

// A fault tells which access it was for; an instruction that moves memory to memory may make the other one
// too.
StepKind kind_of(const greg_t* registers) {
    constexpr greg_t is_write = 2;  // of the processor's error code
    const auto* code = reinterpret_cast<const unsigned char*>(registers[REG_RIP]);
    const auto moves = [](unsigned char operation) { return operation == 0xa4 || operation == 0xa5; };
    const bool moves_memory = moves(code[0]) || moves(code[1]) || moves(code[2]);
    return moves_memory || (registers[REG_ERR] & is_write) != 0 ? StepKind::change : StepKind::look;
}

// An access to what was taken away: given back for this one instruction.
void on_fault(int signal, siginfo_t* information, void* context) {
    const auto address = reinterpret_cast<std::uintptr_t>(information->si_addr);
    if (!shared.contains(address)) {
        ::signal(signal, SIG_DFL);  // a fault like any other: it comes again
        return;
    }
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    step(kind_of(registers), "the access by the instruction that ends",
         static_cast<long>(registers[REG_RIP] & 0xfff));
    shared.give_back();
    registers[REG_EFL] |= trap_flag;
}

void on_trap(int, siginfo_t*, void* context) {
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &= ~trap_flag;
    shared.take_away();
}

void on_system_call(int, siginfo_t* information, void* context) {
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    std::array<long, 6> arguments{};
    constexpr std::array order{REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
    for (std::size_t i = 0; i < order.size(); ++i) arguments[i] = static_cast<long>(registers[order[i]]);
    const long number = information->si_syscall;
    step(StepKind::change, "system call", number);
    shared.give_back();  // the kernel may look into it
    registers[REG_RAX] = plain_system_call(number, arguments);
    shared.note(number, static_cast<long>(registers[REG_RAX]), arguments);
    shared.take_away();
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    if (::sigaction(signal, &action, nullptr) != 0) std::abort();
}

// What a handler cannot do for the thread, and nobody else can see: masks and handlers of signals, the return
// from one, and the end.
bool trap_system_calls() {
    const std::uint64_t site = plain_system_call_site();
    constexpr auto low = offsetof(seccomp_data, instruction_pointer);
    constexpr std::array passed{SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_exit_group};
    std::array<sock_filter, passed.size() + 7> program{};
    std::size_t at = 0;
    const auto add = [&](sock_filter instruction) { program[at++] = instruction; };
    const auto load = [&](std::size_t offset) {
        add({BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)});
    };
    const auto pass = static_cast<std::uint8_t>(program.size() - 1);
    load(offsetof(seccomp_data, nr));
    for (const long number : passed)
        add({BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint8_t>(pass - at - 1), 0,
             static_cast<std::uint32_t>(number)});
    load(low);
    add({BPF_JMP | BPF_JEQ | BPF_K, 0, 2, static_cast<std::uint32_t>(site)});
    load(low + 4);
    add({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, static_cast<std::uint32_t>(site >> 32)});
    add({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRAP});
    add({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW});
    const sock_fprog filter{.len = static_cast<unsigned short>(at), .filter = program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

bool steps_can_be_counted() {
    return ::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

void count_steps(std::uint64_t last, int socket) {
    shared.find();
    count = {.running = false, .steps = 0, .last = last, .socket = socket, .kinds = {}};
    handle(SIGSEGV, on_fault);
    handle(SIGTRAP, on_trap);
    handle(SIGSYS, on_system_call);
    if (!trap_system_calls()) std::abort();
    count.running = true;
    shared.take_away();
}

std::uint64_t steps_counted() {
    count.running = false;
    return count.steps;
}

std::string_view kinds_of_steps() {
    return {count.kinds.data(), std::min<std::size_t>(count.steps, count.kinds.size())};
}

#else

bool steps_can_be_counted() {
    return false;
}

void count_steps(std::uint64_t, int) {
    std::abort();
}

std::uint64_t steps_counted() {
    return 0;
}

std::string_view kinds_of_steps() {
    return {};
}

#endif

}  // namespace crash
