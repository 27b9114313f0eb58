// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "payload.hpp"
#include "shared_memory.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace bench {

// The delivery ring reduced to what moves cache lines: nothing is checked, counted, evicted or given back.
// What the product costs beyond this is its own doing. Positions are the caller's.

// The payload travels in the slot, which is one cache line or two.
template <std::size_t Size, std::size_t Capacity>
class InSlotRing {
 public:
    void send(std::uint64_t position) {
        Slot& slot = slots_[position % Capacity];
        slot.block.payload.write(position);
        // Release: pairs with the acquire in receive().
        slot.published.store(position + 1, std::memory_order_release);
    }

    bool receive(std::uint64_t position) {
        Slot& slot = slots_[position % Capacity];
        // Acquire: pairs with the release in send().
        if (slot.published.load(std::memory_order_acquire) != position + 1) return false;
        // Word by word, as a ring must that can be overtaken while it copies.
        Block copy;
        for (std::size_t i = 0; i < block_words; ++i)
            copy.words[i] = *const_cast<const volatile std::uint64_t*>(&slot.block.words[i]);
        std::uint64_t expected = position;
        // Release: pairs with the acquire in read_position().
        if (!read_position_.compare_exchange_strong(expected, position + 1, std::memory_order_acq_rel))
            throw std::runtime_error{"somebody else took a position of the reference ring"};
        copy.payload.check(position);
        return true;
    }

    // Acquire: pairs with the compare-and-swap in receive(), so that a slot that was read can be written.
    std::uint64_t read_position() const { return read_position_.load(std::memory_order_acquire); }

 private:
    static constexpr std::size_t line = Size <= 40 ? 64 : 128;
    static constexpr std::size_t block_words = (Size + 7) / 8;
    union Block {
        Payload<Size> payload;
        std::array<std::uint64_t, block_words> words;
    };
    struct alignas(line) Slot {
        Word published{0};
        std::array<std::uint64_t, 2> descriptor;
        Block block;
    };
    static_assert(sizeof(Slot) == line);

    alignas(separation) Word read_position_{0};
    alignas(separation) std::array<Slot, Capacity> slots_;
};

// The slot names a chunk; the receiver gives it back by a flag. Four chunks in turn.
template <std::size_t Size, std::size_t Capacity>
class ByReferenceRing {
 public:
    void send(std::uint64_t position) {
        const std::uint64_t chunk = position % chunk_count;
        chunks_[chunk].payload.write(position);
        Slot& slot = slots_[position % Capacity];
        slot.chunk = chunk;
        // Release: pairs with the acquire in receive().
        slot.published.store(position + 1, std::memory_order_release);
    }

    bool receive(std::uint64_t position) {
        Slot& slot = slots_[position % Capacity];
        // Acquire: pairs with the release in send().
        if (slot.published.load(std::memory_order_acquire) != position + 1) return false;
        const std::uint64_t chunk = *const_cast<const volatile std::uint64_t*>(&slot.chunk);
        std::uint64_t expected = position;
        // As in a ring that can overflow, where the acquire and the release have partners.
        if (!read_position_.compare_exchange_strong(expected, position + 1, std::memory_order_acq_rel))
            throw std::runtime_error{"somebody else took a position of the reference ring"};
        chunks_[chunk].payload.check(position);
        // Release: the price of a flag that a sender would pair with; in a ping-pong nobody reads it.
        returned_[chunk].store(position + 1, std::memory_order_release);
        return true;
    }

 private:
    static constexpr std::size_t chunk_count = 4;
    struct alignas(64) Slot {
        Word published{0};
        std::uint64_t chunk;
    };
    struct alignas(64) Chunk {
        Payload<Size> payload;
    };

    alignas(separation) Word read_position_{0};
    alignas(separation) std::array<Word, chunk_count> returned_{};
    alignas(separation) std::array<Slot, Capacity> slots_;
    alignas(separation) std::array<Chunk, chunk_count> chunks_;
};

template <std::size_t Size, std::size_t Capacity>
using ReferenceRing =
    std::conditional_t<(Size <= room_in_slot), InSlotRing<Size, Capacity>, ByReferenceRing<Size, Capacity>>;

// Two of them, as a messenger between the two sides.
template <std::size_t Size>
struct ReferencePair {
    static constexpr std::size_t capacity = 8;
    std::array<ReferenceRing<Size, capacity>, 2> rings;
};

template <std::size_t Size>
class Reference {
 public:
    Reference(ReferencePair<Size>& pair, bool first)
        : out_{pair.rings[first ? 0 : 1]}, in_{pair.rings[first ? 1 : 0]} {}

    void send() { out_.send(sent_++); }
    bool receive() {
        if (!in_.receive(received_)) return false;
        ++received_;
        return true;
    }

 private:
    ReferenceRing<Size, ReferencePair<Size>::capacity>& out_;
    ReferenceRing<Size, ReferencePair<Size>::capacity>& in_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
};

}  // namespace bench
