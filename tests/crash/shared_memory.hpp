// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace crash {

// What this process has mapped of the library's memory files, kept by a signal handler: nothing here
// allocates.
class SharedMemory {
 public:
    // Finds what is mapped already.
    void find();
    bool contains(std::uintptr_t address) const;
    // Follows a system call that has been made.
    void note(long number, long result, const std::array<long, 6>& arguments);

    void take_away() const { protect(true); }
    void give_back() const { protect(false); }

 private:
    struct Range {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        int protection = 0;
    };
    void add(std::uintptr_t begin, std::size_t size, int protection);
    void remove(std::uintptr_t begin, std::size_t size);
    void protect(bool away) const;

    std::array<Range, 256> ranges_{};
    std::size_t count_ = 0;
};

}  // namespace crash
