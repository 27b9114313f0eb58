// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "layout/descriptor.hpp"
#include "layout/sample.hpp"
#include "shm/address_range.hpp"
#include "shm/mapping.hpp"
#include "shm/residence.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ipc::port {

// The data segments of one publisher, and where a descriptor of his points. Whatever he writes is checked.
class SenderMemory {
 public:
    SenderMemory() = default;
    // Of the sender at the other end of what was offered; the error says why it cannot be used.
    static tl::expected<SenderMemory, std::string> map(const control::Offer& offer,
                                                       const layout::Sample& sample,
                                                       shm::Residence residence);
    SenderMemory(std::vector<shm::Mapping> segments, const layout::Sample& sample)
        : segments_{std::move(segments)}, unit_{sample.unit()}, size_{sample.size} {}

    // Where the block begins; null if it is not all in there.
    const std::byte* resolve(const layout::Descriptor& descriptor) const {
        if (descriptor.in_slot || descriptor.segment >= segments_.size()) return nullptr;
        const shm::Mapping& segment = segments_[descriptor.segment];
        const std::uint64_t offset = descriptor.offset * unit_;  // 32 bits times at most 4096
        if (offset > segment.size() || segment.size() - offset < size_) return nullptr;
        return segment.data() + offset;
    }
    // How much there is from a block that resolve() has found: the slice in it cannot be longer.
    std::uint64_t bytes_from(const layout::Descriptor& descriptor) const {
        return segments_[descriptor.segment].size() - descriptor.offset * unit_;
    }
    // Of the block that a descriptor may point to.
    void prefetch(const layout::Descriptor& descriptor) const {
        if (const std::byte* block = resolve(descriptor)) __builtin_prefetch(block);
    }
    std::uint64_t first_size() const { return segments_.empty() ? 0 : segments_.front().size(); }
    const std::byte* first() const { return segments_.empty() ? nullptr : segments_.front().data(); }

 private:
    std::vector<shm::Mapping> segments_;
    std::uint64_t unit_ = 1;
    std::uint64_t size_ = 0;
};

// A connection's segment, where its receiver has its place; the error says why it cannot be used.
tl::expected<void, std::string> map_connection_at(shm::AddressRange& range, const shm::MemoryFile& segment,
                                                  shm::Residence residence);

}  // namespace ipc::port
