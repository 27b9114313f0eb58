// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ipc::shm {

// How many bytes this process could touch just now before the kernel would have to kill somebody: what the
// system has, and what the memory control groups (version 2) that it is in allow. The greatest number where
// neither says anything. A look, not a promise: others may be faster. (`root`: for tests.)
std::uint64_t available_memory(const std::string& root = "");

}  // namespace ipc::shm
