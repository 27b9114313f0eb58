// SPDX-License-Identifier: Apache-2.0
#include "cpu_time.hpp"

#include <time.h>

#include <stdexcept>
#include <string>

namespace bench {

double cpu_ms(pid_t process) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
        throw std::runtime_error{"no CPU clock of process " + std::to_string(process)};
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

}  // namespace bench
