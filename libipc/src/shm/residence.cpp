// SPDX-License-Identifier: Apache-2.0
#include "residence.hpp"

#include "shm/available_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

// Newer than the headers of Debian 12's oldest kernels: Linux 5.14.
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

namespace ipc::shm {

namespace {

constexpr std::size_t smallest_page = 4096;

int reserve(const MemoryFile& file, std::size_t size) {
    int outcome = -1;
    do {
        outcome = ::fallocate(file.descriptor().get(), 0, 0, static_cast<off_t>(size));
    } while (outcome != 0 && errno == EINTR);
    return outcome;
}

int populate(std::byte* address, std::size_t size, int advice) {
    int outcome = -1;
    do {
        outcome = ::madvise(address, size, advice);
    } while (outcome != 0 && (errno == EINTR || errno == EAGAIN));
    return outcome;
}

// Where the kernel is older than MADV_POPULATE: a read maps the page, and the one byte that may be written is
// written as it is.
void touch(std::byte* address, std::size_t size, bool write) {
    for (std::size_t at = 0; at < size; at += smallest_page) {
        auto* const byte = reinterpret_cast<volatile unsigned char*>(address + at);
        const unsigned char content = *byte;
        if (write) *byte = content;
    }
}

tl::expected<void, SystemError> lock(void* address, std::size_t size, Residence residence) {
    if (residence != Residence::locked || ::mlock(address, size) == 0) return {};
    return failed("mlock of a segment (see RLIMIT_MEMLOCK)");
}

}  // namespace

tl::expected<void, SystemError> make_resident(void* address, std::size_t size, const MemoryFile& file,
                                              Residence residence) {
    if (residence == Residence::when_touched) return {};
    // Without this look the kernel would kill somebody instead of failing: it promises what it has not.
    if (!file.is_huge() && size > available_memory())
        return tl::unexpected{
            SystemError{.operation = "reserving more memory than is available", .code = ENOMEM}};
    // So that a shortage is known before a page is touched. Pages of a huge one were reserved by the mapping.
    if (!file.is_huge() && reserve(file, size) != 0) return failed("fallocate of a segment's memory");
    auto* const begin = static_cast<std::byte*>(address);
    if (populate(begin, size, MADV_POPULATE_WRITE) != 0) {
        if (errno != EINVAL) return failed("touching a segment's memory");
        touch(begin, size, true);
    }
    return lock(address, size, residence);
}

tl::expected<void, SystemError> make_present_resident(void* address, std::size_t size, const MemoryFile& file,
                                                      Residence residence) {
    if (residence == Residence::when_touched) return {};
    const int descriptor = file.descriptor().get();
    auto* const begin = static_cast<std::byte*>(address);
    const auto all = static_cast<off_t>(size);
    for (off_t at = 0; at < all;) {
        // A file that does not know where its data is (one of huge pages) has it everywhere.
        off_t from = ::lseek(descriptor, at, SEEK_DATA);
        if (from < 0 && errno == ENXIO) return {};
        const bool knows = from >= 0;
        if (!knows) from = at;
        const off_t hole = knows ? ::lseek(descriptor, from, SEEK_HOLE) : all;
        const off_t to = hole < 0 ? all : std::min(hole, all);
        if (from >= all) return {};
        const auto length = static_cast<std::size_t>(to - from);
        if (populate(begin + from, length, MADV_POPULATE_READ) != 0) {
            if (errno != EINVAL) return failed("touching a segment's memory");
            touch(begin + from, length, false);
        }
        if (auto locked = lock(begin + from, length, residence); !locked) return locked;
        at = to;
    }
    return {};
}

}  // namespace ipc::shm
