// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

namespace ipc {

// Of the library that runs, for example "0.1.0"; the headers may be of another.
IPC_API const char* version() noexcept;

}  // namespace ipc
