// SPDX-License-Identifier: Apache-2.0
// In the place of the C library's function: a time of day that is a year ahead, a year behind, and so on.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

extern "C" __attribute__((visibility("default"))) int clock_gettime(clockid_t clock,
                                                                    timespec* time) noexcept {
    constexpr time_t year = 365 * 24 * 3600;
    static std::atomic<unsigned> asked{0};
    const long result = ::syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += asked++ % 2 == 0 ? year : -year;
    return static_cast<int>(result);
}
