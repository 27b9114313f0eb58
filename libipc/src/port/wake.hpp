// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ipc::port {

// Wakes whoever has the other end of a wake line (control/wake_set.hpp). Never waits; nothing happens where
// nobody is left there, or where there is no line (-1).
void wake(int line);

// Looks at a wake set until it is quiet. Whether somebody woke. One that goes on waking cannot keep it there.
bool drain(int set);

}  // namespace ipc::port
