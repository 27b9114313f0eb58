// SPDX-License-Identifier: Apache-2.0
#include "port/intake.hpp"

#include <algorithm>

namespace ipc::port {

namespace {

std::uint64_t room_stride(const layout::Sample& block) {
    return layout::round_up(block.size, std::max(block.alignment, layout::cache_line));
}

}  // namespace

Intake::Intake(std::byte* ring, const layout::Connection& layout, const layout::Sample& block,
               std::uint32_t max_borrowed)
    : receiver_{ring, layout},
      borrows_{max_borrowed},
      cells_{std::make_unique<Cell[]>(max_borrowed)},
      block_words_{block.fits_slot() ? block.size / sizeof(std::uint64_t) : 0},
      payload_offset_{block.payload_offset},
      rooms_{nullptr, BlockDeleter{std::align_val_t{1}}} {
    const std::uint64_t stride = room_stride(block);
    if (block_words_ != 0)
        rooms_ = allocate_block(max_borrowed * stride, std::max(block.alignment, layout::cache_line));
    for (std::uint32_t i = 0; i < max_borrowed; ++i) {
        cells_[i].intake = this;
        cells_[i].index = i;
        if (block_words_ != 0) cells_[i].room = reinterpret_cast<std::uint64_t*>(rooms_.get() + i * stride);
    }
}

void Intake::note_use(std::uint32_t index) {
    std::uint32_t used = cells_used_.load(std::memory_order_relaxed);
    while (used <= index && !cells_used_.compare_exchange_weak(used, index + 1, std::memory_order_relaxed)) {
    }
}

}  // namespace ipc::port
