// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace bench {

// A process that fills a broker with nodes and services, and keeps them until this object ends.
class Population {
 public:
    static constexpr int nodes = 1000;
    static constexpr int services_per_node = 10;

    // Forks; there must be no other thread yet, and a broker may come later.
    Population();
    Population(const Population&) = delete;
    Population& operator=(const Population&) = delete;
    ~Population();

    // Returns when all of them are there.
    void settle();

 private:
    int line_ = -1;
    pid_t pid_ = -1;
};

}  // namespace bench
