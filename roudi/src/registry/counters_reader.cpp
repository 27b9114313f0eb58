// SPDX-License-Identifier: Apache-2.0
#include "registry/counters_reader.hpp"

#include "layout/counters.hpp"

#include <atomic>

namespace roudi {

using ipc::layout::Counters;

std::uint64_t read_counter(Node& node, std::uint32_t record, std::uint64_t word) {
    if (!node.counters_view) {
        auto view = shm::Mapping::map(node.counters, Counters::size, shm::Access::ReadOnly);
        if (!view) return 0;
        node.counters_view = std::move(*view);
    }
    const std::byte* address = node.counters_view.data() + std::uint64_t{record} * Counters::record_size +
                               word * sizeof(std::uint64_t);
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    // Relaxed: counters are independent of each other and of everything else.
    return reinterpret_cast<const std::atomic<std::uint64_t>*>(address)->load(std::memory_order_relaxed);
}

}  // namespace roudi
