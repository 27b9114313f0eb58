// SPDX-License-Identifier: Apache-2.0
#include "rules/data_segment.hpp"

#include "layout/limits.hpp"

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

}  // namespace roudi
