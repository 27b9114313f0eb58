// SPDX-License-Identifier: Apache-2.0
#include "port/further_memory.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

tl::expected<shm::Mapping, std::string> FurtherMemory::map(const control::FurtherSegment& segment,
                                                           shm::Residence residence) {
    auto mapping = shm::Mapping::map(segment.file, segment.details.size, shm::Access::ReadOnly);
    if (!mapping)
        return tl::unexpected{"a further data segment of the sender cannot be mapped: " +
                              mapping.error().message()};
    if (auto made = shm::make_present_resident(mapping->data(), mapping->size(), segment.file, residence);
        !made)
        return tl::unexpected{"a further data segment of the sender cannot be prefaulted: " +
                              made.error().message()};
    return std::move(*mapping);
}

tl::expected<void, std::string> FurtherMemory::add(const control::FurtherSegment& segment,
                                                   shm::Mapping mapping) {
    const std::uint32_t number = segment.details.number;
    if (number == 0 || number > layout::max_further_segments)
        return tl::unexpected{"no data segment has number " + std::to_string(number)};
    if (table_.load(std::memory_order_relaxed) == nullptr)
        table_.store(new Table, std::memory_order_release);  // pairs with hold()
    Segment& entry = (*table_.load(std::memory_order_relaxed))[number];
    if (entry.present && entry.id == segment.details.id) return {};
    if (entry.present) withdraw(static_cast<std::uint8_t>(number));
    if (!entry.empty.load(std::memory_order_acquire))  // pairs with let_go()
        return tl::unexpected{"the sender gave data segment " + std::to_string(number) +
                              " back while samples in it were held"};
    entry.mapping = std::move(mapping);
    entry.empty.store(false, std::memory_order_relaxed);
    entry.id = segment.details.id;
    entry.present = true;
    entry.users.store(1, std::memory_order_release);  // pairs with hold(), for the mapping
    return {};
}

void FurtherMemory::withdraw(std::uint8_t number) {
    (*table_.load(std::memory_order_relaxed))[number].present = false;
    let_go(number);
}

void FurtherMemory::withdraw(wire::Uuid segment) {
    Table* const table = table_.load(std::memory_order_relaxed);
    for (std::size_t i = 1; table != nullptr && i < table->size(); ++i)
        if ((*table)[i].present && (*table)[i].id == segment) withdraw(static_cast<std::uint8_t>(i));
}

void FurtherMemory::keep_only(const std::vector<wire::Uuid>& segments) {
    Table* const table = table_.load(std::memory_order_relaxed);
    for (std::size_t i = 1; table != nullptr && i < table->size(); ++i) {
        const Segment& entry = (*table)[i];
        if (entry.present && std::find(segments.begin(), segments.end(), entry.id) == segments.end())
            withdraw(static_cast<std::uint8_t>(i));
    }
}

void FurtherMemory::clear() {
    delete table_.exchange(nullptr, std::memory_order_acq_rel);
}

FurtherMemory::Held FurtherMemory::hold(const layout::Descriptor& descriptor, std::uint64_t unit,
                                        std::uint64_t size) const {
    Table* const table = table_.load(std::memory_order_acquire);  // pairs with add()
    if (table == nullptr || descriptor.segment == 0 || descriptor.segment >= table->size()) return {};
    Segment& entry = (*table)[descriptor.segment];
    std::uint32_t users = entry.users.load(std::memory_order_relaxed);
    do {
        if (users == 0) return {};
        // Acquire: pairs with add().
    } while (!entry.users.compare_exchange_weak(users, users + 1, std::memory_order_acquire,
                                                std::memory_order_relaxed));
    const std::uint64_t offset = descriptor.offset * unit;  // 32 bits times at most 4096
    const std::uint64_t there = entry.mapping.size();
    if (offset <= there && there - offset >= size)
        return {.block = entry.mapping.data() + offset, .bytes = there - offset};
    let_go(descriptor.segment);
    return {};
}

// The last of those who use it takes it away; that is one of them only where the sender lied, for which of
// them would pay otherwise with a fault.
void FurtherMemory::let_go(std::uint8_t number) const {
    Segment& entry = (*table_.load(std::memory_order_relaxed))[number];
    // Release: what this one read was read. Acquire: by all others, too.
    if (entry.users.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    entry.mapping = {};
    entry.empty.store(true, std::memory_order_release);  // pairs with add()
}

}  // namespace ipc::port
