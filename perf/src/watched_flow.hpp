// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker_program.hpp"
#include "client_process.hpp"
#include "shared_memory.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace bench {

// Samples as fast as they go, from one process to another, each pinned to its core, until this object ends.
// The receiver polls, ends the benchmark where a sample is missing or there twice, and notes how long it had
// to wait.
//
// Each of the two has another node, with the same port at another broker, the neighbour. There nothing flows:
// when that broker comes back, the processors have the same work, and the flow has nothing to do with it.
class WatchedFlow {
 public:
    static constexpr std::size_t nodes = 2;  // at each of the brokers

    WatchedFlow(const std::array<int, 2>& cores, const BrokerProgram& broker, const BrokerProgram& neighbour,
                SharedMemory& memory);

    void begin() const;
    void end();
    // Microseconds; the longest that the receiver waited for a sample in a stretch of 200 ms, or as long as
    // `work` takes, which is done meanwhile.
    double longest_gap_us(const std::function<void()>& work);

 private:
    // Written by the receiver.
    struct Seen {
        alignas(separation) Word longest_gap_ns{0};  // since it was last set to 0
        Word samples{0};
    };

    void receive(const std::function<void()>& ready, const std::string& socket, const std::string& elsewhere);
    void note_gap(std::chrono::nanoseconds gap);

    Seen& seen_;
    ClientProcess receiving_;
    ClientProcess sending_;
};

}  // namespace bench
