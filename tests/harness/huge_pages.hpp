// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <fstream>

namespace harness {

// Of 2 MiB; 0 as well where the kernel knows none.
inline std::uint64_t free_huge_pages() {
    std::ifstream file{"/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"};
    std::uint64_t pages = 0;
    file >> pages;
    return pages;
}

}  // namespace harness
