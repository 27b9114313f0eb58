// SPDX-License-Identifier: Apache-2.0
#include "memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <string>

// Newer than the headers of Debian 12.
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
#ifndef MFD_HUGE_2MB
#define MFD_HUGE_2MB (21U << 26U)
#endif

namespace ipc::shm {

namespace {

// In 32 bits, with -D_FILE_OFFSET_BITS=64: a segment may be longer than such a process can map.
static_assert(sizeof(off_t) == sizeof(std::uint64_t));

constexpr int seal_exec = 0x0020;              // F_SEAL_EXEC, which MFD_NOEXEC_SEAL brings
constexpr auto hugetlbfs_magic = 0x958458f6U;  // of linux/magic.h

}  // namespace

const int MemoryFile::size_seals = F_SEAL_GROW | F_SEAL_SHRINK;
const int MemoryFile::shared_seals = size_seals | F_SEAL_SEAL;
const int MemoryFile::writer_seals = shared_seals | F_SEAL_FUTURE_WRITE;

tl::expected<MemoryFile, SystemError> MemoryFile::create(const char* label, std::uint64_t size, Pages pages) {
    const unsigned flags =
        MFD_CLOEXEC | MFD_ALLOW_SEALING | (pages == Pages::huge ? MFD_HUGETLB | MFD_HUGE_2MB : 0U);
    int raw = ::memfd_create(label, flags | MFD_NOEXEC_SEAL);
    // Linux before 6.3 does not know MFD_NOEXEC_SEAL, and the mode below takes the execute bits away as well.
    if (raw < 0 && errno == EINVAL) raw = ::memfd_create(label, flags);
    if (raw < 0) return failed(pages == Pages::huge ? "memfd_create in huge pages" : "memfd_create");
    MemoryFile file{UniqueFd{raw}};
    if (::fchmod(raw, 0600) != 0) return failed("fchmod of a memory file");
    if (::ftruncate(raw, static_cast<off_t>(size)) != 0) return failed("ftruncate of a memory file");
    if (::fcntl(raw, F_ADD_SEALS, size_seals) != 0) return failed("sealing a memory file's size");
    return file;
}

tl::expected<void, SystemError> MemoryFile::seal_shared() const {
    if (::fcntl(descriptor_.get(), F_ADD_SEALS, F_SEAL_SEAL) != 0)
        return failed("sealing a memory file's seals");
    return {};
}

tl::expected<void, SystemError> MemoryFile::seal_for_the_writer_that_mapped() const {
    if (::fcntl(descriptor_.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0)
        return failed("sealing a memory file against writers");
    return {};
}

tl::expected<UniqueFd, SystemError> MemoryFile::reopen_read_only() const {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor_.get());
    const int raw = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (raw < 0) return failed("reopening a memory file read-only through /proc/self/fd");
    return UniqueFd{raw};
}

tl::expected<std::uint64_t, SystemError> MemoryFile::size() const {
    struct stat status {};
    if (::fstat(descriptor_.get(), &status) != 0) return failed("fstat of a memory file");
    return static_cast<std::uint64_t>(status.st_size);
}

tl::expected<int, SystemError> MemoryFile::seals() const {
    const int seals = ::fcntl(descriptor_.get(), F_GET_SEALS);
    if (seals < 0) return failed("asking for a memory file's seals");
    return seals & ~seal_exec;  // there or not, as the kernel's version has it
}

bool MemoryFile::is_huge() const {
    struct statfs status {};
    return ::fstatfs(descriptor_.get(), &status) == 0 &&
           static_cast<std::uint32_t>(status.f_type) == hugetlbfs_magic;
}

boost::interprocess::mapping_handle_t MemoryFile::get_mapping_handle() const {
    return boost::interprocess::ipcdetail::mapping_handle_from_file_handle(descriptor_.get());
}

}  // namespace ipc::shm
