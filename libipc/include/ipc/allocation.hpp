// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc {

// What a sending port does where a slice is longer than its initial_max_slice_len.
//
// With other strategies than Static it gets a further data segment from the broker, which every receiver maps
// before anything in it is sent to it: such a loan may wait for the broker, as long as the node's timeout
// says (and is OutOfMemory then, or where a quota or the memory does not allow it; the port goes on as
// before), and for receivers that have not mapped it yet, as long as the node's creation bound says. For one
// that takes longer, what is sent in it meanwhile is as for a receiver whose buffer is full: it is lost, or
// waited for.
//
// Segments are kept for further loans of their size, as long as there are not more of them than were in use
// at once; those that emptied and were not used for several hundred loans, or when update_connections() is
// called, are given back.
enum class AllocationStrategy : std::uint8_t {
    Static,      // the loan is refused: ExceedsMaxLoanSize
    BestFit,     // memory of the slice's length, rounded up by at most an eighth
    PowerOfTwo,  // rounded up to the next power of two: fewer segments, where lengths vary
};

}  // namespace ipc
