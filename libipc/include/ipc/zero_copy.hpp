// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

namespace ipc {

// Says that a T may be written by one process and read by another that has it at a different address:
// specialise it as std::true_type for a type of your own that is not trivially copyable and yet holds
// everything inside itself. An aggregate of such types needs nothing.
template <class T>
struct zero_copy : std::false_type {};

}  // namespace ipc
