// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <sys/resource.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

// What this process pays for memory, and when.
namespace harness {

// Of this thread so far.
inline long page_faults() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

inline std::uint64_t locked_bytes() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmLck:")) return std::stoull(line.substr(line.find_first_of(' '))) * 1024;
    return 0;
}

inline bool may_lock(std::size_t bytes) {
    void* const memory = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    const bool locked = ::mlock(memory, bytes) == 0;
    ::munmap(memory, bytes);
    return locked;
}

}  // namespace harness
