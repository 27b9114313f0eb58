// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/connection.hpp"
#include "layout/sample.hpp"
#include "port/cell.hpp"
#include "port/further_memory.hpp"
#include "ring/borrows.hpp"
#include "ring/delivery_receiver.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace ipc::port {

// The receiving half of one ring as a port's threads use it: a cell for each delivery that can be held. It
// stays at one address and serves one connection after another; where its memory is zeros, there is none.
// Holding a cell holds the connection.
class alignas(layout::separation) Intake {
 public:
    enum class Result : std::uint8_t {
        taken,
        nothing,
        exhausted,  // something is there, and every cell is held
        corrupted,
        ended,  // the last that a sender who is gone had left was taken before
    };
    // What came of a try, in two registers.
    struct Attempt {
        Cell* cell = nullptr;  // where something was taken
        Result result = Result::nothing;
    };

    // Touches the rooms of all cells, so that no page fault comes later.
    void touch_rooms() const;
    // For a look that comes soon.
    void fetch_next() const { receiver_.fetch_next(); }

 protected:
    using Receiver = ring::DeliveryReceiver<ring::StdAtomics>;
    using Borrows = ring::Borrows<ring::StdAtomics>;

    // `block` lives as long as the port.
    Intake(std::byte* ring, const layout::Connection& layout, const layout::Sample& block,
           std::uint32_t max_borrowed);
    ~Intake() = default;

    // What the look showed, of the connection that was the `served`-th. `self` is what derives from this:
    //   resolve(descriptor)   where a block lies, or null
    //   bytes_from(descriptor) of one that was found: how much there is
    //   hold(descriptor)      likewise, in a further data segment
    //   take_into(cell)       take_slowly(), out of the way
    //   finish(cell, taken)   what becomes of what was taken, in its slot or the first data segment
    //   finish_slowly(cell, taken) likewise, wherever it is
    //   give_up(cell, result) lets go of the cell
    template <class Self>
    Attempt take_shown(Self& self, const Receiver::Look& look, std::uint32_t served);
    // For whoever claims a cell in another way.
    template <class Self>
    Attempt claim_and_take(Self& self, std::uint32_t served);

    // For a look that was too slow: whatever is the oldest now.
    template <class Self>
    Attempt take_slowly(Self& self, Cell& cell);

    // Where what was taken begins its life; false: there is no such block in its slot or the first segment.
    template <class Self>
    bool fill(Self& self, Cell& cell, const ring::Taken& taken) const;
    template <class Self>
    bool fill_from_further(Self& self, Cell& cell, const ring::Taken& taken) const;
    // The other end gets back what this one held.
    void return_delivery(const Cell& cell) {
        if (cell.by_reference) receiver_.release(cell.position, cell.ticket);
    }

    // Of a slice: how many elements it has, as its sender says; `bytes` is what it can lie in. False: more
    // than there can be.
    bool count_elements(Cell& cell, std::uint64_t elements, std::uint64_t bytes) const;
    // Likewise, of one that came in its slot: it was copied, and its number with it.
    bool count_elements_in_room(Cell& cell) const {
        cell.elements = cell.room[elements_word_];
        return cell.elements <= most_in_room_;
    }

    Attempt no_cell_left() const {
        return {.result = borrows_.is_closed() ? Result::nothing : Result::exhausted};
    }
    void note_use(std::uint32_t index);

    // What a poll touches.
    std::atomic<std::uint32_t> served_{0};  // connections so far
    Receiver receiver_;
    Borrows borrows_;
    std::unique_ptr<Cell[]> cells_;
    std::atomic<std::uint32_t> cells_used_{0};  // those behind have never been claimed
    const std::size_t block_words_;  // of a block that comes in its slot; 0 in services where none does
    const std::size_t payload_offset_;
    const layout::Sample* const slice_;  // null where payloads are no slices
    // Of a slice's block in a cell's room: which word says how many elements there are; how many can be.
    const std::size_t elements_word_;
    const std::uint64_t most_in_room_;

 private:
    std::size_t rooms_size_ = 0;
    Block rooms_;  // of the cells
};

template <class Self>
[[gnu::always_inline]] inline Intake::Attempt Intake::take_shown(Self& self, const Receiver::Look& look,
                                                                 std::uint32_t served) {
    receiver_.expect(look);
    const auto index = borrows_.claim();
    if (index == Borrows::no_cell) [[unlikely]]
        return no_cell_left();
    if (index >= cells_used_.load(std::memory_order_relaxed)) [[unlikely]]
        note_use(index);
    Cell& cell = cells_[index];
    // The connection is held now, and its memory stays. The look may have been at the one before: what it
    // showed is then not true of this one.
    if (served_.load(std::memory_order_relaxed) != served) [[unlikely]]
        return self.give_up(cell, Result::nothing);
    if (const auto expected = receiver_.expected(look); !expected.in_slot) {
        const std::byte* const block = self.resolve(expected);
        // In a further data segment, or nowhere.
        if (block == nullptr) [[unlikely]]
            return self.take_into(cell);
        __builtin_prefetch(block);
    }
    ring::Taken taken;
    std::uint64_t moved_to;
    if (!receiver_.take(look, taken, cell.room, block_words_, moved_to)) [[unlikely]]
        return self.take_into(cell);
    if (!receiver_.is_valid(taken)) [[unlikely]]
        return self.give_up(cell, Result::corrupted);
    return self.finish(cell, taken);
}

template <class Self>
Intake::Attempt Intake::claim_and_take(Self& self, std::uint32_t served) {
    const auto index = borrows_.claim();
    if (index == Borrows::no_cell) return no_cell_left();
    note_use(index);
    if (served_.load(std::memory_order_relaxed) != served)
        return self.give_up(cells_[index], Result::nothing);
    return self.take_into(cells_[index]);
}

template <class Self>
[[gnu::always_inline]] inline bool Intake::fill(Self& self, Cell& cell, const ring::Taken& taken) const {
    cell.position = taken.position;
    cell.ticket = taken.descriptor.ticket;
    cell.by_reference = !taken.descriptor.in_slot;
    const std::byte* block = reinterpret_cast<const std::byte*>(cell.room);
    if (!taken.descriptor.in_slot) block = self.resolve(taken.descriptor);
    if (block == nullptr || taken.sequence >= ring::counting_bound) [[unlikely]]
        return false;
    cell.payload = block + payload_offset_;
    if (slice_ == nullptr) [[likely]]
        return true;
    if (taken.descriptor.in_slot) return count_elements_in_room(cell);
    return count_elements(cell, taken.elements, self.bytes_from(taken.descriptor));
}

// What is not in the first segment is in a further one, or nowhere. Held until the cell is released.
template <class Self>
bool Intake::fill_from_further(Self& self, Cell& cell, const ring::Taken& taken) const {
    const layout::Descriptor& descriptor = taken.descriptor;
    if (descriptor.in_slot || descriptor.segment == 0 || taken.sequence >= ring::counting_bound) return false;
    const FurtherMemory::Held held = self.hold(descriptor);
    if (held.block == nullptr) return false;
    cell.origin = descriptor.segment;
    cell.payload = held.block + payload_offset_;
    return slice_ == nullptr || count_elements(cell, taken.elements, held.bytes);
}

template <class Self>
Intake::Attempt Intake::take_slowly(Self& self, Cell& cell) {
    ring::Taken taken;
    switch (receiver_.try_take(taken, cell.room, block_words_)) {
        case Receiver::Outcome::taken:
            return self.finish_slowly(cell, taken);
        case Receiver::Outcome::empty:
        case Receiver::Outcome::busy:
            return self.give_up(cell, Result::nothing);
        case Receiver::Outcome::corrupted:
            break;
    }
    return self.give_up(cell, Result::corrupted);
}

}  // namespace ipc::port
