// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared_memory.hpp"

#include <cstdint>

namespace bench {

// The yardstick: two words, each written by one process and polled by the other. One cache line a message;
// nothing between two processes is faster.
struct BareWords {
    alignas(separation) Word ping{0};
    alignas(separation) Word pong{0};
};

class Bare {
 public:
    Bare(BareWords& words, bool first)
        : mine_{first ? words.ping : words.pong}, theirs_{first ? words.pong : words.ping} {}

    // Release and acquire of the two pair with each other, as any message's would.
    void send() { mine_.store(++sent_, std::memory_order_release); }
    bool receive() {
        if (theirs_.load(std::memory_order_acquire) != received_ + 1) return false;
        ++received_;
        return true;
    }

 private:
    Word& mine_;
    Word& theirs_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
};

}  // namespace bench
