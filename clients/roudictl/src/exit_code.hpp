// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace roudictl {

// What scripts may rely on; the man page lists them.
inline constexpr int exit_fine = 0;
inline constexpr int exit_not_found = 1;  // and for doctor: something has to be done
inline constexpr int exit_usage = 2;
inline constexpr int exit_no_broker = 3;

}  // namespace roudictl
