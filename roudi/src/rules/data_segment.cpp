// SPDX-License-Identifier: Apache-2.0
#include "rules/data_segment.hpp"

#include "layout/limits.hpp"
#include "wire/enum_names.hpp"

namespace roudi {

Granted<std::uint64_t> data_segment_size(const ipc::layout::Data& data, const std::string& port,
                                         const std::string& settings) {
    using ipc::layout::max_segment_size;
    if (data.chunk_count <= (max_segment_size - data.chunks) / data.chunk_size) return data.size;
    return reject(wire::Refusal::InvalidSetting,
                  port + " would need " + std::to_string(data.chunk_count) + " chunks of " +
                      std::to_string(data.chunk_size) + " bytes, and a segment has at most " +
                      std::to_string(max_segment_size) + " bytes: lower " + settings);
}

Granted<void> check_growth(const ipc::layout::Data& data, std::optional<wire::Allocation> allocation,
                           const wire::TypeDetail& payload) {
    if (allocation.value_or(wire::Allocation::Static) == wire::Allocation::Static) return {};
    const std::string name{wire::name_of(*allocation)};
    if (payload.variant == wire::TypeVariant::FixedSize)
        return reject(wire::Refusal::InvalidSetting,
                      "allocation_strategy is " + name + ", and the type \"" + payload.name +
                          "\" of the service is of fixed size: only ports that send slices have it");
    if (data.chunk_count <= ipc::layout::max_growing_chunks) return {};
    return reject(wire::Refusal::InvalidSetting,
                  "allocation_strategy is " + name + ", and the port would need " +
                      std::to_string(data.chunk_count) + " chunks; one that grows has at most " +
                      std::to_string(ipc::layout::max_growing_chunks));
}

}  // namespace roudi
