// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/process.hpp"
#include "shm/thread_sanitizer.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

// Copies of a process, which its threads did not go into. A sanitizer's runtime is in the copy as it was:
// AddressSanitizer's allocator may be locked there for good, by a thread that stayed in the parent.
// ThreadSanitizer supports no threads in the copy of a process that had some; in that of one without, it
// starts its own anew, which on a busy machine runs before it is set up, and ends the process (GCC 12). So
// some children can be had only in other builds.
#ifdef LIBIPC_UNDER_THREAD_SANITIZER
#define HARNESS_CHILD_OF_ONE_THREAD_LIVES 0
#else
#define HARNESS_CHILD_OF_ONE_THREAD_LIVES 1
#endif
#if defined(__has_feature)
#define HARNESS_HAS_FEATURE(feature) __has_feature(feature)
#else
#define HARNESS_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HARNESS_HAS_FEATURE(address_sanitizer)
#define HARNESS_CHILD_OF_THREADS_ALLOCATES 0
#else
#define HARNESS_CHILD_OF_THREADS_ALLOCATES 1
#endif
#if HARNESS_CHILD_OF_ONE_THREAD_LIVES && HARNESS_CHILD_OF_THREADS_ALLOCATES
#define HARNESS_CHILD_OF_THREADS_HAS_THREADS 1
#else
#define HARNESS_CHILD_OF_THREADS_HAS_THREADS 0
#endif

namespace harness {

// A child that does this, and exits with what it found: 0 if all is as it should be. It does not outlive a
// test that failed.
template <class Function>
Process forked(Function&& function) {
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error{errno, std::generic_category(), "forking"};
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::_exit(std::forward<Function>(function)());
    }
    return Process{child};
}

}  // namespace harness
