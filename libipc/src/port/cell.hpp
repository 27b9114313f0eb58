// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/alignment.hpp"
#include "layout/sample.hpp"

#include <ipc/untyped/sample.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace ipc::port {

class Intake;

// Private memory for one block, as aligned as its payload wants it.
struct BlockDeleter {
    std::align_val_t alignment;
    void operator()(std::byte* block) const { ::operator delete(block, alignment); }
};
using Block = std::unique_ptr<std::byte, BlockDeleter>;

// Null: there is no such memory. A size may be what a peer says.
inline Block allocate_block(std::uint64_t size, std::uint64_t alignment) {
    const std::align_val_t aligned{static_cast<std::size_t>(alignment)};
    return Block{
        static_cast<std::byte*>(::operator new(static_cast<std::size_t>(size), aligned, std::nothrow)),
        BlockDeleter{aligned}};
}

// What is known about one sample that is held. It stays where it is while the sample is moved about. Whoever
// has claimed it (see ring/borrows.hpp) is alone with it.
struct alignas(layout::cache_line) Cell : detail::HeldSample {
    Intake* intake = nullptr;
    std::uint64_t* room = nullptr;  // for a block that came in its slot; null in services where none do
    std::uint64_t position = 0;
    // Of the sample that was received here last from this publisher, or 0. Stored (release) after its turn:
    // by whose numbers more seems to have been sent, has counted that it was received.
    std::atomic<std::uint64_t> sequence{0};
    // Grows by one when a sample is received and when it is returned, for as long as the port lives: odd
    // while one is held. So threads count without disturbing each other.
    std::atomic<std::uint64_t> turns{0};
    std::uint32_t index = 0;
    std::uint16_t ticket = 0;
    bool by_reference = false;
    // What of the memory is this cell's: nothing, where it is in its slot or the sender's first segment; a
    // hold on the further segment of this number; or all, of a copy from history.
    std::uint8_t origin = 0;
    static constexpr std::uint8_t own_copy = 255;

    void turn() { turns.store(turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
    // Where the whole sample is, whose layout this is.
    const std::byte* block(const layout::Sample& sample) const {
        return static_cast<const std::byte*>(payload) - sample.payload_offset;
    }
};
static_assert(sizeof(Cell) == layout::cache_line);

}  // namespace ipc::port
