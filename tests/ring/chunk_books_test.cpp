// SPDX-License-Identifier: Apache-2.0
#include "ring/chunk_books.hpp"

#include "catch.hpp"

using ipc::ring::ChunkBooks;

namespace {
constexpr std::uint64_t page = 4096;
}

TEST_CASE("A chunk is free again when its last reference is gone, and is used again first") {
    ChunkBooks books(0, page, 8, page, 0);
    auto const first = books.acquire_fresh().value();
    auto const second = books.acquire_fresh().value();
    REQUIRE(books.offset(second) == page);
    books.add_references(first, 2);
    REQUIRE_FALSE(books.release_reference(first));
    REQUIRE_FALSE(books.release_reference(first));
    REQUIRE_FALSE(books.acquire().has_value());
    REQUIRE(books.release_reference(first));
    REQUIRE(books.release_reference(second));
    REQUIRE(books.in_use() == 0);
    REQUIRE(books.acquire() == second);
    REQUIRE(books.acquire() == first);
    REQUIRE(books.touched() == 2);
}

TEST_CASE("Chunks run out, and none is given out twice") {
    ChunkBooks books(0, page, 3, page, 0);
    for (ipc::ring::ChunkId chunk = 0; chunk < 3; ++chunk) REQUIRE(books.acquire_fresh() == chunk);
    REQUIRE_FALSE(books.acquire_fresh().has_value());
    REQUIRE_FALSE(books.acquire().has_value());
}

TEST_CASE("Chunks on a page that is paid for are free to take; the next page is not") {
    ChunkBooks books(64, 1024, 100, page, 64);  // a history of 64 bytes in front
    REQUIRE(books.acquire() == 0U);
    REQUIRE(books.acquire() == 1U);
    REQUIRE(books.acquire() == 2U);
    REQUIRE_FALSE(books.acquire().has_value());  // the fourth reaches into the second page
    REQUIRE(books.acquire_fresh() == 3U);
    for (ipc::ring::ChunkId chunk = 4; chunk < 7; ++chunk) REQUIRE(books.acquire() == chunk);
    REQUIRE_FALSE(books.acquire().has_value());
}

TEST_CASE("A prefaulted segment has no fresh chunks") {
    ChunkBooks books(0, 3 * page, 4, page, 12 * page);
    for (ipc::ring::ChunkId chunk = 0; chunk < 4; ++chunk) REQUIRE(books.acquire() == chunk);
    REQUIRE_FALSE(books.acquire_fresh().has_value());
}

TEST_CASE("Books of a large segment cost what is used of them") {
    ChunkBooks books(0, page, 1U << 28, page, 0);
    auto const chunk = books.acquire_fresh();
    REQUIRE(chunk == 0U);
    REQUIRE(books.release_reference(*chunk));
}
