// SPDX-License-Identifier: Apache-2.0
#include "shm/memory_file.hpp"

#include "catch.hpp"
#include "shm/address_range.hpp"
#include "shm/mapping.hpp"

#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

using namespace ipc::shm;

namespace {

constexpr std::uint64_t size = 16384;

int descriptor_of(const MemoryFile& file) {
    return file.descriptor().get();
}

}  // namespace

TEST_CASE("a memory file cannot change its size") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    CHECK(file->size().value() == size);
    CHECK(::ftruncate(descriptor_of(*file), 2 * size) == -1);
    CHECK(errno == EPERM);
    CHECK(::ftruncate(descriptor_of(*file), 0) == -1);
    CHECK(errno == EPERM);
}

TEST_CASE("a memory file belongs to its creator alone") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    struct stat status {};
    REQUIRE(::fstat(descriptor_of(*file), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("a connection segment takes no further seal") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    REQUIRE(file->seal_shared());
    CHECK(::fcntl(descriptor_of(*file), F_ADD_SEALS, F_SEAL_WRITE) == -1);
    CHECK(errno == EPERM);
}

TEST_CASE("who mapped before the last seal writes on and nobody else does") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    auto writer = Mapping::map(*file, size, Access::ReadWrite);
    REQUIRE(writer);
    REQUIRE(file->seal_for_the_writer_that_mapped());

    auto reader = Mapping::map(*file, size, Access::ReadOnly);
    REQUIRE(reader);
    writer->data()[100] = std::byte{42};
    CHECK(reader->data()[100] == std::byte{42});

    CHECK_FALSE(Mapping::map(*file, size, Access::ReadWrite));
    const char byte = 1;
    CHECK(::pwrite(descriptor_of(*file), &byte, 1, 0) == -1);
    CHECK(::fallocate(descriptor_of(*file), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == -1);
}

TEST_CASE("a descriptor reopened read only cannot be mapped for writing") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    auto reopened = file->reopen_read_only();
    REQUIRE(reopened);
    const MemoryFile readable{std::move(*reopened)};
    CHECK(Mapping::map(readable, size, Access::ReadOnly));
    CHECK_FALSE(Mapping::map(readable, size, Access::ReadWrite));
}

TEST_CASE("a file smaller than announced is not mapped") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    auto mapping = Mapping::map(*file, size + 1, Access::ReadOnly);
    REQUIRE_FALSE(mapping);
    CHECK(mapping.error().code == EINVAL);
}

TEST_CASE("an address range shows zeros once its file is taken away") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    auto range = AddressRange::reserve(size);
    REQUIRE(range);
    std::byte* const address = range->data();
    CHECK(address[0] == std::byte{0});

    REQUIRE(range->map(*file));
    auto other = Mapping::map(*file, size, Access::ReadWrite);
    REQUIRE(other);
    other->data()[0] = std::byte{7};
    CHECK(range->data() == address);
    CHECK(address[0] == std::byte{7});

    REQUIRE(range->clear());
    CHECK(address[0] == std::byte{0});
    address[0] = std::byte{1};
    CHECK(other->data()[0] == std::byte{7});
}

TEST_CASE("an address range refuses a file that is smaller") {
    auto file = MemoryFile::create("test", size);
    REQUIRE(file);
    auto range = AddressRange::reserve(2 * size);
    REQUIRE(range);
    CHECK_FALSE(range->map(*file));
}
