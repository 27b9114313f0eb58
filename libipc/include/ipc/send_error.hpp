// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

enum class LoanError : std::uint8_t {
    ExceedsMaxLoans,  // as many samples as max_loaned_samples allows are loaned and not yet sent or dropped
    OutOfMemory,      // no chunk is free, although the limits provide for all: a subscriber keeps what it may
                      // not; or there is no further segment for a long slice, by quota, memory, or without a
                      // broker
    ForkedProcess,    // the publisher belongs to the process that forked this one
    ExceedsMaxLoanSize,  // a slice longer than the port's initial_max_slice_len, and the port does not grow
};

// Contains the loan errors, for send_copy() loans.
enum class SendError : std::uint8_t {
    ExceedsMaxLoans,
    OutOfMemory,
    ForkedProcess,
    Interrupted,      // the process was asked to terminate while the send waited; some may have received it
    UnableToDeliver,  // the backpressure handler asked for this error; the others have received the sample
    ExceedsMaxLoanSize,
};

IPC_API std::string_view to_string(LoanError error);
IPC_API std::string_view to_string(SendError error);
IPC_API SendError to_send_error(LoanError error);

}  // namespace ipc
