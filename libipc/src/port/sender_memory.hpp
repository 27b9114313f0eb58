// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "layout/descriptor.hpp"
#include "layout/sample.hpp"
#include "port/further_memory.hpp"
#include "shm/address_range.hpp"
#include "shm/mapping.hpp"
#include "shm/residence.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ipc::port {

// The data segments of one sender, and where a descriptor of his points. Whatever he writes is checked.
//
// The first is there as long as the connection. What lies in a further one is found, and held, by hold().
class SenderMemory {
 public:
    // Of the sender at the other end of what was offered; the error says why it cannot be used.
    static tl::expected<SenderMemory, std::string> map(control::Offer& offer, const layout::Sample& sample,
                                                       shm::Residence residence);

    SenderMemory() : further_{std::make_unique<FurtherMemory>()} {}
    SenderMemory(shm::Mapping first, const layout::Sample& sample) : SenderMemory{} {
        first_ = std::move(first);
        start_ = first_.data();
        first_size_ = first_.size();
        unit_ = sample.unit();
        size_ = sample.size;
    }

    // Where the block begins; null if it is not all in the first segment.
    const std::byte* resolve(const layout::Descriptor& descriptor) const {
        if (descriptor.in_slot || descriptor.segment != 0) return nullptr;
        const std::uint64_t offset = descriptor.offset * unit_;  // 32 bits times at most 4096
        if (offset > first_size_ || first_size_ - offset < size_) return nullptr;
        return start_ + offset;
    }
    // How much there is from a block that resolve() has found: the slice in it cannot be longer.
    std::uint64_t bytes_from(const layout::Descriptor& descriptor) const {
        return first_size_ - descriptor.offset * unit_;
    }
    // Of the block that a descriptor may point to.
    void prefetch(const layout::Descriptor& descriptor) const {
        if (const std::byte* block = resolve(descriptor)) __builtin_prefetch(block);
    }
    const std::byte* first() const { return start_; }
    std::uint64_t first_size() const { return first_size_; }

    FurtherMemory& further() const { return *further_; }
    // Maps them, too.
    tl::expected<void, std::string> add(const std::vector<control::FurtherSegment>& segments,
                                        shm::Residence residence);
    // Of a descriptor that names a further segment.
    FurtherMemory::Held hold(const layout::Descriptor& descriptor) const {
        return further_->hold(descriptor, unit_, size_);
    }

 private:
    const std::byte* start_ = nullptr;
    std::uint64_t first_size_ = 0;
    std::uint64_t unit_ = 1;
    std::uint64_t size_ = 0;
    shm::Mapping first_;
    std::unique_ptr<FurtherMemory> further_;
};

// A connection's segment, where its receiver has its place; the error says why it cannot be used.
tl::expected<void, std::string> map_connection_at(shm::AddressRange& range, const shm::MemoryFile& segment,
                                                  shm::Residence residence);

}  // namespace ipc::port
