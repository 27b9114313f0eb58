// SPDX-License-Identifier: Apache-2.0
#include "port/intake.hpp"

#include "ring/atomics.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace ipc::port {

namespace {

std::uint64_t room_stride(const layout::Sample& block) {
    return layout::round_up(block.slot_room(), std::max(block.alignment, layout::cache_line));
}

}  // namespace

Intake::Intake(std::byte* ring, const layout::Connection& layout, const layout::Sample& block,
               std::uint32_t max_borrowed)
    : receiver_{ring, layout},
      borrows_{max_borrowed},
      cells_{std::make_unique<Cell[]>(max_borrowed)},
      block_words_{static_cast<std::size_t>(block.slot_room() / sizeof(std::uint64_t))},
      payload_offset_{static_cast<std::size_t>(block.payload_offset)},
      slice_{block.is_slice ? &block : nullptr},
      elements_word_{static_cast<std::size_t>(block.elements_offset / sizeof(std::uint64_t))},
      most_in_room_{block.is_slice ? block.most_elements(block.slot_room()) : 0},
      rooms_{nullptr, BlockDeleter{std::align_val_t{1}}} {
    const std::uint64_t stride = room_stride(block);
    if (block_words_ != 0) {
        const std::uint64_t size = max_borrowed * stride;
        rooms_ = allocate_block(size, std::max(block.alignment, layout::cache_line));
        if (!rooms_) throw std::bad_alloc{};
        rooms_size_ = static_cast<std::size_t>(size);  // it was allocated
    }
    for (std::uint32_t i = 0; i < max_borrowed; ++i) {
        cells_[i].intake = this;
        cells_[i].index = i;
        if (block_words_ != 0) cells_[i].room = reinterpret_cast<std::uint64_t*>(rooms_.get() + i * stride);
    }
}

void Intake::touch_rooms() const {
    if (rooms_) std::memset(rooms_.get(), 0, rooms_size_);
}

bool Intake::count_elements(Cell& cell, std::uint64_t elements, std::uint64_t bytes) const {
    cell.elements = elements;
    return slice_->fits(elements, bytes);
}

void Intake::note_use(std::uint32_t index) {
    std::uint32_t used = cells_used_.load(std::memory_order_relaxed);
    while (used <= index && !cells_used_.compare_exchange_weak(used, index + 1, std::memory_order_relaxed)) {
    }
}

}  // namespace ipc::port
