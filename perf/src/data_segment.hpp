// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace bench {

struct DataSegment {
    std::size_t size = 0;
    std::size_t resident = 0;  // bytes of it that are in memory
};

// The largest memory file that this process has mapped for writing: its publisher's.
DataSegment largest_data_segment();

// Of all memory files of data segments that this process has open, each once: bytes in memory.
std::size_t resident_of_all_data_segments();

}  // namespace bench
