// SPDX-License-Identifier: Apache-2.0
#include "port/sender_memory.hpp"

namespace ipc::port {

tl::expected<SenderMemory, std::string> SenderMemory::map(control::Offer& offer, const layout::Sample& sample,
                                                          shm::Residence residence) {
    if (offer.data_segments.empty() || offer.details.data_sizes.empty())
        return tl::unexpected{std::string{"the sender has no data segment"}};
    const shm::MemoryFile& file = offer.data_segments.front();
    auto mapping = shm::Mapping::map(file, offer.details.data_sizes.front(), shm::Access::ReadOnly);
    if (!mapping)
        return tl::unexpected{"the sender's data segment cannot be mapped: " + mapping.error().message()};
    if (auto made = shm::make_present_resident(mapping->data(), mapping->size(), file, residence); !made)
        return tl::unexpected{"the sender's data segment cannot be prefaulted: " + made.error().message()};
    SenderMemory memory{std::move(*mapping), sample};
    if (auto added = memory.add(offer.further, residence); !added)
        return tl::unexpected{std::move(added.error())};
    return memory;
}

tl::expected<void, std::string> SenderMemory::add(const std::vector<control::FurtherSegment>& segments,
                                                  shm::Residence residence) {
    for (const control::FurtherSegment& segment : segments) {
        auto further = FurtherMemory::map(segment, residence);
        if (!further) return tl::unexpected{std::move(further.error())};
        if (auto added = further_->add(segment, std::move(*further)); !added) return added;
    }
    return {};
}

tl::expected<void, std::string> map_connection_at(shm::AddressRange& range, const shm::MemoryFile& segment,
                                                  shm::Residence residence) {
    if (auto mapped = range.map(segment); !mapped)
        return tl::unexpected{"the connection cannot be mapped: " + mapped.error().message()};
    if (auto made = shm::make_resident(range.data(), range.size(), segment, residence); !made) {
        (void)range.clear();
        return tl::unexpected{"the connection cannot be prefaulted: " + made.error().message()};
    }
    return {};
}

}  // namespace ipc::port
