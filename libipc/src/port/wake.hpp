// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ipc::port {

// Makes a wake handle readable: one byte into a pipe that does not block. Nothing happens where it is full
// (it is readable already) or where nobody is left to read it; the process gets no SIGPIPE.
void wake(int handle);

// Reads a wake handle empty. Whether there was something in it.
bool drain(int handle);

}  // namespace ipc::port
