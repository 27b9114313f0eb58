// SPDX-License-Identifier: Apache-2.0
#include "port/error_names.hpp"

#include <ipc/receive_error.hpp>
#include <ipc/send_error.hpp>

namespace ipc {

std::string_view to_string(LoanError error) {
    return to_string(to_send_error(error));
}

std::string_view to_string(SendError error) {
    switch (error) {
        case SendError::ExceedsMaxLoans:
            return "ExceedsMaxLoans";
        case SendError::OutOfMemory:
            return "OutOfMemory";
        case SendError::ForkedProcess:
            return "ForkedProcess";
        case SendError::Interrupted:
            return "Interrupted";
        case SendError::UnableToDeliver:
            return "UnableToDeliver";
        case SendError::ExceedsMaxLoanSize:
            return "ExceedsMaxLoanSize";
    }
    return "SendError";
}

SendError to_send_error(LoanError error) {
    switch (error) {
        case LoanError::ExceedsMaxLoans:
            return SendError::ExceedsMaxLoans;
        case LoanError::OutOfMemory:
            return SendError::OutOfMemory;
        case LoanError::ExceedsMaxLoanSize:
            return SendError::ExceedsMaxLoanSize;
        case LoanError::ForkedProcess:
            break;
    }
    return SendError::ForkedProcess;
}

std::string_view to_string(ReceiveError error) {
    switch (error) {
        case ReceiveError::ExceedsMaxBorrows:
            return "ExceedsMaxBorrows";
        case ReceiveError::ForkedProcess:
            return "ForkedProcess";
        case ReceiveError::Interrupted:
            return "Interrupted";
    }
    return "ReceiveError";
}

std::string_view to_string(PublisherCreateError error) {
    return port::publisher_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(SubscriberCreateError error) {
    return port::subscriber_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(NotifierCreateError error) {
    return port::notifier_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(ListenerCreateError error) {
    return port::listener_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(ClientCreateError error) {
    return port::client_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(ServerCreateError error) {
    return port::server_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(FileDescriptorError error) {
    return port::file_descriptor_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(NotifyError error) {
    return port::notify_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(ListenerWaitError error) {
    return port::listener_wait_errors[static_cast<std::size_t>(error)];
}

}  // namespace ipc
