// SPDX-License-Identifier: Apache-2.0
#include "data_segment.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace bench {

namespace {

struct Range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    std::size_t size() const { return end - begin; }
};

Range largest_writable_memory_file() {
    std::ifstream maps{"/proc/self/maps"};
    Range largest;
    for (std::string line; std::getline(maps, line);) {
        if (line.find(" rw-s ") == std::string::npos || line.find("/memfd:") == std::string::npos) continue;
        std::istringstream text{line};
        Range range;
        char dash = 0;
        text >> std::hex >> range.begin >> dash >> range.end;
        if (range.size() > largest.size()) largest = range;
    }
    return largest;
}

}  // namespace

DataSegment largest_data_segment() {
    const Range range = largest_writable_memory_file();
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> pages(range.size() / page);
    // Of a memory file that we may write, this tells which pages it has, whoever touched them.
    if (mincore(reinterpret_cast<void*>(range.begin), range.size(), pages.data()) != 0)
        throw std::system_error{errno, std::generic_category(), "mincore"};
    const auto resident =
        std::count_if(pages.begin(), pages.end(), [](auto state) { return (state & 1) != 0; });
    return {.size = range.size(), .resident = static_cast<std::size_t>(resident) * page};
}

std::size_t resident_of_all_data_segments() {
    std::size_t bytes = 0;
    std::set<ino_t> seen;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;  // such as the directory's own descriptor
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        if (gone || target.string().find("memfd:ipc-data") == std::string::npos) continue;
        struct stat status {};
        if (::stat(entry.path().c_str(), &status) == 0 && seen.insert(status.st_ino).second)
            bytes += static_cast<std::size_t>(status.st_blocks) * 512;
    }
    return bytes;
}

}  // namespace bench
