// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc {

// What a callback that is called for one thing after the other wants.
enum class CallbackProgression : std::uint8_t { Continue, Stop };

}  // namespace ipc
