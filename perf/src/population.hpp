// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace bench {

// A process that fills a broker with nodes and services, and keeps them until this object ends.
class Population {
 public:
    static constexpr int services_per_node = 10;

    // Forks; there must be no other thread yet, and a broker may come later.
    Population();
    Population(const Population&) = delete;
    Population& operator=(const Population&) = delete;
    ~Population();

    // Returns when there are so many nodes, each with its services; more than before, not fewer.
    void settle(int nodes);

 private:
    int line_ = -1;
    pid_t pid_ = -1;
};

}  // namespace bench
