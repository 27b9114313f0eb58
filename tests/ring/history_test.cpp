// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "ring/atomics.hpp"
#include "ring/history_reader.hpp"
#include "ring/history_writer.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace {

using Reader = ipc::ring::HistoryReader<ipc::ring::StdAtomics>;
using ipc::layout::Descriptor;
using ipc::ring::no_chunk;

struct History {
    static constexpr std::uint64_t entries = 4;  // a history of three
    alignas(128) std::array<std::byte, 128> segment{};
    alignas(128) std::array<std::uint64_t, 64> blocks{};
    ipc::ring::HistoryWriter<ipc::ring::StdAtomics> writer{segment.data(), entries};
    Reader reader{segment.data(), entries};

    std::uint32_t publish(std::uint64_t sequence) {
        auto const chunk = static_cast<std::uint32_t>(sequence % blocks.size());
        blocks[chunk] = sequence * 100;
        return writer.publish(sequence, {.offset = chunk}, chunk);
    }
    auto resolve() const {
        return [this](Descriptor descriptor) -> const std::byte* {
            if (descriptor.offset >= blocks.size()) return nullptr;
            return reinterpret_cast<const std::byte*>(&blocks[descriptor.offset]);
        };
    }
    bool read(std::uint64_t from, std::uint64_t to, std::vector<std::uint64_t>& got) const {
        std::uint64_t block = 0;
        return reader.copy_range(from, to, &block, 1, resolve(), [&](std::uint64_t sequence) {
            REQUIRE(block == sequence * 100);
            got.push_back(sequence);
        });
    }
    ipc::ring::StdAtomics::Word& word(std::uint64_t entry) {
        return ipc::ring::StdAtomics::word(segment.data(), entry * 16);
    }
};

}  // namespace

TEST_CASE("An empty history has nothing") {
    History history;
    std::vector<std::uint64_t> got;
    REQUIRE(history.reader.end() == 0);
    REQUIRE(history.read(0, 100, got));
    REQUIRE(got.empty());
}

TEST_CASE("The history keeps what was published last, and gives the displaced chunk back") {
    History history;
    for (std::uint64_t sequence = 1; sequence <= 4; ++sequence)
        REQUIRE(history.publish(sequence) == no_chunk);
    REQUIRE(history.publish(5) == 1);
    REQUIRE(history.publish(6) == 2);
    REQUIRE(history.reader.end() == 7);

    std::vector<std::uint64_t> got;
    REQUIRE(history.read(history.reader.end() - 3, history.reader.end(), got));
    REQUIRE(got == std::vector<std::uint64_t>{4, 5, 6});
}

TEST_CASE("Numbers that a sender left out are skipped") {
    History history;
    for (std::uint64_t sequence : {1U, 2U, 9U, 10U}) static_cast<void>(history.publish(sequence));
    std::vector<std::uint64_t> got;
    REQUIRE(history.read(1, 11, got));
    REQUIRE(got == std::vector<std::uint64_t>{9, 10});
}

TEST_CASE("A range is never longer than the ring, whoever named it") {
    History history;
    static_cast<void>(history.publish(1));
    std::vector<std::uint64_t> got;
    REQUIRE(history.read(0, ~std::uint64_t{0}, got));
    REQUIRE(got.empty());
}

TEST_CASE("A sender that lies about its history is found out, or harms only what it says") {
    History history;
    for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) static_cast<void>(history.publish(sequence));
    std::vector<std::uint64_t> got;
    SECTION("a number in the wrong place does not count") {
        history.word(0).store(1000 * 4 + 2, std::memory_order_relaxed);
        REQUIRE(history.reader.end() == 4);
    }
    SECTION("a block outside the sender's memory is corrupted") {
        static_cast<void>(history.writer.publish(4, {.offset = 4000}, 0));
        REQUIRE_FALSE(history.read(1, 5, got));
        REQUIRE(got == std::vector<std::uint64_t>{1, 2, 3});
    }
    SECTION("a number that nobody can have counted to does not count") {
        history.word(2).store(~std::uint64_t{0}, std::memory_order_relaxed);
        REQUIRE(history.reader.end() == 4);
    }
}
