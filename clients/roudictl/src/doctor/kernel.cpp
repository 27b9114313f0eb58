// SPDX-License-Identifier: Apache-2.0
#include "doctor/kernel.hpp"

#include <fcntl.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace roudictl {
namespace {

// Not in the C library's headers of Debian 12.
#ifndef F_SEAL_FUTURE_WRITE
constexpr int F_SEAL_FUTURE_WRITE = 0x0010;
#endif

std::string reason() {
    return std::strerror(errno);
}

Finding release() {
    utsname names{};
    uname(&names);
    return {Verdict::Ok, "kernel", std::string{names.sysname} + " " + names.release, ""};
}

Finding memory_files() {
    const int file = memfd_create("roudictl doctor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const bool sealed =
        file >= 0 && fcntl(file, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE) == 0;
    const auto why = sealed ? "" : reason();
    if (file >= 0) close(file);
    if (sealed) return {Verdict::Ok, "memory files", "can be made and sealed", ""};
    return {Verdict::Fail, "memory files", "cannot be made and sealed: " + why,
            "Linux 5.1 or newer is needed, and a seccomp filter must let memfd_create pass"};
}

Finding pidfds() {
    const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
    const auto why = descriptor >= 0 ? "" : reason();
    if (descriptor >= 0) close(descriptor);
    if (descriptor >= 0) return {Verdict::Ok, "pidfds", "deaths are seen at once", ""};
    return {Verdict::Fail, "pidfds", "pidfd_open: " + why,
            "Linux 5.3 or newer is needed, and a seccomp filter must let pidfd_open pass"};
}

Finding membarrier() {
    const auto commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    constexpr long needed = MEMBARRIER_CMD_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED;
    if (commands >= 0 && (commands & needed) == needed) {
        return {Verdict::Ok, "membarrier", "senders need no fence", ""};
    }
    return {Verdict::Warn, "membarrier",
            commands < 0 ? "cannot be called: " + reason() : std::string{"lacks GLOBAL_EXPEDITED"},
            "Everything works, but each send pays a fence; let a seccomp filter pass membarrier"};
}

}  // namespace

Findings check_kernel() {
    return {release(), memory_files(), pidfds(), membarrier()};
}

}  // namespace roudictl
