// SPDX-License-Identifier: Apache-2.0
#include "crash/shared_memory.hpp"

#include "crash/plain_system_call.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace crash {

namespace {

std::size_t whole_pages(std::size_t size) {
    constexpr std::size_t page = 4096;
    return (size + page - 1) / page * page;
}

}  // namespace

void SharedMemory::find() {
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        if (line.find("/memfd:ipc-") == std::string::npos) continue;
        unsigned long begin = 0;
        unsigned long end = 0;
        char rights[5]{};
        if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights) != 3) std::abort();
        add(begin, end - begin, (rights[0] == 'r' ? PROT_READ : 0) | (rights[1] == 'w' ? PROT_WRITE : 0));
    }
}

bool SharedMemory::contains(std::uintptr_t address) const {
    for (std::size_t i = 0; i < count_; ++i)
        if (address >= ranges_[i].begin && address < ranges_[i].end) return true;
    return false;
}

void SharedMemory::note(long number, long result, const std::array<long, 6>& arguments) {
    if (result < 0 && result > -4096) return;
    const auto size = static_cast<std::size_t>(arguments[1]);
    if (number == SYS_munmap) remove(static_cast<std::uintptr_t>(arguments[0]), size);
    if (number != SYS_mmap) return;
    remove(static_cast<std::uintptr_t>(result), size);
    const bool of_a_file = arguments[4] >= 0 && (arguments[3] & MAP_SHARED) != 0;
    if (of_a_file) add(static_cast<std::uintptr_t>(result), size, static_cast<int>(arguments[2]));
}

void SharedMemory::add(std::uintptr_t begin, std::size_t size, int protection) {
    if (count_ == ranges_.size()) std::abort();
    ranges_[count_++] = {.begin = begin, .end = begin + whole_pages(size), .protection = protection};
}

// The library maps and unmaps whole segments only.
void SharedMemory::remove(std::uintptr_t begin, std::size_t size) {
    for (std::size_t i = 0; i < count_;) {
        if (ranges_[i].begin >= begin && ranges_[i].begin < begin + whole_pages(size))
            ranges_[i] = ranges_[--count_];
        else
            ++i;
    }
}

void SharedMemory::protect(bool away) const {
    for (std::size_t i = 0; i < count_; ++i) {
        const Range& range = ranges_[i];
        plain_system_call(SYS_mprotect,
                          {static_cast<long>(range.begin), static_cast<long>(range.end - range.begin),
                           away ? PROT_NONE : range.protection});
    }
}

}  // namespace crash
