// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "shared_memory.hpp"

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>

namespace bench {

// Where the two processes wait for each other.
struct MeetingPoint {
    alignas(separation) Word arrived{0};
    alignas(separation) Word decision{0};
};

// One of the two processes: the first measures, the second plays along.
class Side {
 public:
    Side(MeetingPoint& point, bool first) : point_{point}, first_{first} {}

    bool first() const { return first_; }

    // Returns in both at once. From one meeting to the next takes less than a minute, or both are ended: a
    // message that was lost would have them poll for ever.
    void meet();

    // What the first side thinks, in both.
    bool agree(bool opinion);

 private:
    MeetingPoint& point_;
    bool first_;
    std::uint64_t meetings_ = 0;
};

// The two cores that the options name, or the first two that this process may use.
std::array<int, 2> two_cores(const Options& options);
// The calling thread, or the main thread of another process.
void pin_to(int core, pid_t process = 0);

// Runs `body` in this process and in a forked one, each pinned to its core, and returns when both are done.
// There must be no other thread yet. Ends this process where the other one fails.
void in_two_processes(const std::array<int, 2>& cores, MeetingPoint& point,
                      const std::function<void(Side&)>& body);

}  // namespace bench
