// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace bench {

// Milliseconds that all threads of a process have used since it started.
double cpu_ms(pid_t process);

}  // namespace bench
