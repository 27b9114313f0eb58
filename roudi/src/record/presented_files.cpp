// SPDX-License-Identifier: Apache-2.0
#include "record/presented_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace roudi {

namespace {

// What the kernel calls it. A path begins with a slash, a pipe with "pipe:".
std::string name_of(const shm::UniqueFd& descriptor) {
    std::array<char, 512> name{};
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor.get());
    const ssize_t length = ::readlink(link.c_str(), name.data(), name.size());
    return length < 0 ? "a file without a name" : std::string(name.data(), static_cast<std::size_t>(length));
}

tl::unexpected<std::string> wrong(const std::string& is, const std::string& expected) {
    return tl::unexpected{is + ", and " + expected + " was expected"};
}

// False as well where this kernel has no huge pages of 2 MiB.
bool lies_in_huge_pages(const struct stat& file) {
    const auto own = shm::MemoryFile::create("ipc-comparison", shm::MemoryFile::huge_page,
                                             shm::MemoryFile::Pages::huge);  // nothing until it is mapped
    struct stat status {};
    return own && ::fstat(own->descriptor().get(), &status) == 0 && status.st_dev == file.st_dev;
}

}  // namespace

tl::expected<PresentedFiles, shm::SystemError> PresentedFiles::create() {
    const auto own = shm::MemoryFile::create("ipc-comparison", 1);
    if (!own) return tl::unexpected{own.error()};
    struct stat status {};
    if (::fstat(own->descriptor().get(), &status) != 0) return shm::failed("fstat of a memory file");
    PresentedFiles files;
    files.tmpfs_ = status.st_dev;
    return files;
}

tl::expected<shm::MemoryFile, std::string> PresentedFiles::memory_file(shm::UniqueFd descriptor,
                                                                       const Expected& expected) const {
    const std::string name = name_of(descriptor);
    shm::MemoryFile file{std::move(descriptor)};
    auto seals = file.seals();  // which no other file system has
    if (!seals || name != "/memfd:" + expected.name + " (deleted)")
        return wrong(name, "the memory file " + expected.name);
    struct stat status {};
    if (::fstat(file.descriptor().get(), &status) != 0)
        return tl::unexpected{shm::failed("fstat of a memory file").value().message()};
    if (status.st_dev != tmpfs_ && !(expected.may_be_huge && lies_in_huge_pages(status)))
        return wrong(name + " in another file system", "one of the kernel's own");
    if (status.st_uid != ::geteuid())
        return wrong(name + " of user " + std::to_string(status.st_uid),
                     "one of the broker's user " + std::to_string(::geteuid()));
    if (*seals == shm::MemoryFile::size_seals && expected.seals == shm::MemoryFile::writer_seals) {
        if (auto sealed = file.seal_for_the_writer_that_mapped(); !sealed)
            return tl::unexpected{sealed.error().message()};
        *seals = expected.seals;
    }
    if (*seals != expected.seals)
        return wrong(name + " with seals " + std::to_string(*seals), std::to_string(expected.seals));
    if (expected.size != 0 && static_cast<std::uint64_t>(status.st_size) != expected.size)
        return wrong(name + " of " + std::to_string(status.st_size) + " bytes",
                     std::to_string(expected.size));
    return file;
}

}  // namespace roudi
