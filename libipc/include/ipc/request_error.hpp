// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"
#include "ipc/receive_error.hpp"
#include "ipc/send_error.hpp"
#include "ipc/stream_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ipc {

// Why a request was not sent. Contains the loan errors, for send_copy() loans.
enum class RequestSendError : std::uint8_t {
    ExceedsMaxLoans,
    OutOfMemory,
    ForkedProcess,
    Interrupted,      // the process was asked to terminate while the send waited
    UnableToDeliver,  // the backpressure handler asked for this error
    ExceedsMaxLoanSize,
    ExceedsMaxActiveRequests,  // as many pending responses are there as max_active_requests_per_client allows
};

// Why a call brought no response. Contains the errors of sending and of receiving.
enum class CallError : std::uint8_t {
    ExceedsMaxLoans,
    OutOfMemory,
    ForkedProcess,
    Interrupted,
    UnableToDeliver,
    ExceedsMaxLoanSize,
    ExceedsMaxActiveRequests,
    ExceedsMaxBorrows,
    NoServer,          // no server got the request
    NoResponse,        // the servers have ended their streams without one
    Timeout,           // none came in time; the request is cancelled
    DeadlineExceeded,  // of the client's default deadline
    PeerDied,          // a server died before it answered
};

IPC_API std::string_view to_string(RequestSendError error);
IPC_API std::string_view to_string(CallError error);
IPC_API RequestSendError to_request_send_error(LoanError error);
IPC_API CallError to_call_error(RequestSendError error);
IPC_API CallError to_call_error(ReceiveError error);
// Of a call that waited in vain for a request that went to so many servers.
IPC_API CallError why_no_response(StreamState state, std::size_t servers);

}  // namespace ipc
