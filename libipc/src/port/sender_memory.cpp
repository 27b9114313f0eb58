// SPDX-License-Identifier: Apache-2.0
#include "port/sender_memory.hpp"

namespace ipc::port {

tl::expected<SenderMemory, std::string> SenderMemory::map(const control::Offer& offer,
                                                          const layout::Sample& sample,
                                                          shm::Residence residence) {
    const std::vector<std::uint64_t>& sizes = offer.details.data_sizes;
    std::vector<shm::Mapping> segments;
    for (std::size_t i = 0; i < offer.data_segments.size() && i < sizes.size(); ++i) {
        const shm::MemoryFile& file = offer.data_segments[i];
        auto mapping = shm::Mapping::map(file, sizes[i], shm::Access::ReadOnly);
        if (!mapping)
            return tl::unexpected{"the sender's data segment cannot be mapped: " + mapping.error().message()};
        if (auto made = shm::make_present_resident(mapping->data(), mapping->size(), file, residence); !made)
            return tl::unexpected{"the sender's data segment cannot be prefaulted: " +
                                  made.error().message()};
        segments.push_back(std::move(*mapping));
    }
    return SenderMemory{std::move(segments), sample};
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
