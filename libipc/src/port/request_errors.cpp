// SPDX-License-Identifier: Apache-2.0
#include <ipc/request_error.hpp>

#include <array>

namespace ipc {

namespace {

constexpr std::array<std::string_view, 5> states{"Open", "Completed", "Cancelled", "DeadlineExceeded",
                                                 "PeerDied"};
constexpr std::array<std::string_view, 7> send_errors{
    "ExceedsMaxLoans", "OutOfMemory",        "ForkedProcess",           "Interrupted",
    "UnableToDeliver", "ExceedsMaxLoanSize", "ExceedsMaxActiveRequests"};
constexpr std::array<std::string_view, 13> call_errors{"ExceedsMaxLoans",
                                                       "OutOfMemory",
                                                       "ForkedProcess",
                                                       "Interrupted",
                                                       "UnableToDeliver",
                                                       "ExceedsMaxLoanSize",
                                                       "ExceedsMaxActiveRequests",
                                                       "ExceedsMaxBorrows",
                                                       "NoServer",
                                                       "NoResponse",
                                                       "Timeout",
                                                       "DeadlineExceeded",
                                                       "PeerDied"};
static_assert(states.size() == static_cast<std::size_t>(StreamState::PeerDied) + 1);
static_assert(send_errors.size() == static_cast<std::size_t>(RequestSendError::ExceedsMaxActiveRequests) + 1);
static_assert(call_errors.size() == static_cast<std::size_t>(CallError::PeerDied) + 1);

}  // namespace

std::string_view to_string(StreamState state) {
    return states[static_cast<std::size_t>(state)];
}
std::string_view to_string(RequestSendError error) {
    return send_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(CallError error) {
    return call_errors[static_cast<std::size_t>(error)];
}

RequestSendError to_request_send_error(LoanError error) {
    switch (error) {
        case LoanError::ExceedsMaxLoans:
            return RequestSendError::ExceedsMaxLoans;
        case LoanError::OutOfMemory:
            return RequestSendError::OutOfMemory;
        case LoanError::ExceedsMaxLoanSize:
            return RequestSendError::ExceedsMaxLoanSize;
        case LoanError::ForkedProcess:
            break;
    }
    return RequestSendError::ForkedProcess;
}

// The errors of sending come first, in the same order.
CallError to_call_error(RequestSendError error) {
    return static_cast<CallError>(error);
}

CallError to_call_error(ReceiveError error) {
    switch (error) {
        case ReceiveError::ExceedsMaxBorrows:
            return CallError::ExceedsMaxBorrows;
        case ReceiveError::ForkedProcess:
            return CallError::ForkedProcess;
        case ReceiveError::Interrupted:
            break;
    }
    return CallError::Interrupted;
}

CallError why_no_response(StreamState state, std::size_t servers) {
    if (servers == 0) return CallError::NoServer;
    switch (state) {
        case StreamState::Open:
            return CallError::Timeout;
        case StreamState::DeadlineExceeded:
            return CallError::DeadlineExceeded;
        case StreamState::PeerDied:
            return CallError::PeerDied;
        case StreamState::Completed:
        case StreamState::Cancelled:
            break;
    }
    return CallError::NoResponse;
}

}  // namespace ipc
