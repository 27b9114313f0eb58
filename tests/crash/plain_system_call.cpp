// SPDX-License-Identifier: Apache-2.0
#include "crash/plain_system_call.hpp"

#if defined(__x86_64__)

// Moves its arguments one register on, for the first is the number.
asm(R"(
    .text
    .globl crash_plain_system_call
    .globl crash_plain_system_call_site
    .type crash_plain_system_call, @function
crash_plain_system_call:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    mov 8(%rsp), %r9
    syscall
crash_plain_system_call_site:
    ret
    .size crash_plain_system_call, . - crash_plain_system_call
)");

extern "C" long crash_plain_system_call(long number, long, long, long, long, long, long);
extern "C" const char crash_plain_system_call_site[];

namespace crash {

long plain_system_call(long number, const std::array<long, 6>& a) {
    return crash_plain_system_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

std::uintptr_t plain_system_call_site() {
    return reinterpret_cast<std::uintptr_t>(crash_plain_system_call_site);
}

}  // namespace crash

#else

namespace crash {

long plain_system_call(long, const std::array<long, 6>&) {
    return -1;
}

std::uintptr_t plain_system_call_site() {
    return 0;
}

}  // namespace crash

#endif
