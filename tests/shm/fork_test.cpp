// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/forked_child.hpp"
#include "shm/address_range.hpp"
#include "shm/fork_guard.hpp"
#include "shm/mapping.hpp"

#include <sys/resource.h>

using namespace ipc::shm;

namespace {

constexpr std::uint64_t page = 4096;

template <class Function>
bool holds_in_child(Function in_child) {
    return harness::forked([&] { return in_child() ? 0 : 1; }).wait() ==
           harness::Ending{.exited = true, .code = 0};
}

}  // namespace

TEST_CASE("a forked child has private zero pages where its parent has shared memory") {
    auto file = MemoryFile::create("test", page);
    REQUIRE(file);
    auto mapping = Mapping::map(*file, page, Access::ReadWrite);
    REQUIRE(mapping);
    auto range = AddressRange::reserve(page);
    REQUIRE(range);
    REQUIRE(range->map(*file));
    mapping->data()[0] = std::byte{5};

    CHECK(holds_in_child([&] {
        const bool empty = mapping->data()[0] == std::byte{0} && range->data()[0] == std::byte{0};
        mapping->data()[0] = std::byte{9};
        range->data()[0] = std::byte{9};
        return empty;
    }));
    CHECK(mapping->data()[0] == std::byte{5});
}

// Private pages that can be written count against this limit, and shared memory does not. Those of a
// sanitizer count as well, and are more than the limit.
#ifndef __SANITIZE_THREAD__
TEST_CASE("a process that may have less memory of its own than it shares can fork") {
    constexpr std::uint64_t large = std::uint64_t{1} << 30;
    constexpr std::uint64_t limit = std::uint64_t{1} << 29;
    auto file = MemoryFile::create("test", large);
    REQUIRE(file);
    CHECK(holds_in_child([&] {
        auto mapping = Mapping::map(*file, large, Access::ReadWrite);
        const rlimit data{.rlim_cur = limit, .rlim_max = limit};
        return mapping && ::setrlimit(RLIMIT_DATA, &data) == 0 &&
               holds_in_child([&] { return mapping->data()[large - 1] == std::byte{0}; });
    }));
}
#endif

TEST_CASE("a forked child can tell") {
    const auto born = fork_generation();
    CHECK(holds_in_child([&] { return fork_generation() != born; }));
    CHECK(fork_generation() == born);
}

TEST_CASE("a mapping that ended is left alone by a fork") {
    auto file = MemoryFile::create("test", page);
    REQUIRE(file);
    { auto ended = Mapping::map(*file, page, Access::ReadWrite); }
    auto mapping = Mapping::map(*file, page, Access::ReadWrite);
    REQUIRE(mapping);
    auto moved = std::move(*mapping);
    CHECK(holds_in_child([&] { return moved.data()[0] == std::byte{0}; }));
}
