// SPDX-License-Identifier: Apache-2.0
#include <ipc/port_error.hpp>
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
    }
    return "SendError";
}

SendError to_send_error(LoanError error) {
    switch (error) {
        case LoanError::ExceedsMaxLoans:
            return SendError::ExceedsMaxLoans;
        case LoanError::OutOfMemory:
            return SendError::OutOfMemory;
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
    switch (error) {
        case PublisherCreateError::ExceedsMaxSupportedPublishers:
            return "ExceedsMaxSupportedPublishers";
        case PublisherCreateError::InvalidName:
            return "InvalidName";
        case PublisherCreateError::InvalidSetting:
            return "InvalidSetting";
        case PublisherCreateError::NoBroker:
            return "NoBroker";
        case PublisherCreateError::Timeout:
            return "Timeout";
        case PublisherCreateError::ExceedsQuota:
            return "ExceedsQuota";
        case PublisherCreateError::NotPermitted:
            return "NotPermitted";
        case PublisherCreateError::OutOfMemory:
            return "OutOfMemory";
        case PublisherCreateError::Interrupted:
            return "Interrupted";
        case PublisherCreateError::ForkedProcess:
            return "ForkedProcess";
        case PublisherCreateError::InternalFailure:
            return "InternalFailure";
    }
    return "PublisherCreateError";
}

std::string_view to_string(SubscriberCreateError error) {
    switch (error) {
        case SubscriberCreateError::ExceedsMaxSupportedSubscribers:
            return "ExceedsMaxSupportedSubscribers";
        case SubscriberCreateError::BufferSizeExceedsMaxSupportedBufferSizeOfService:
            return "BufferSizeExceedsMaxSupportedBufferSizeOfService";
        case SubscriberCreateError::HistoryRequestExceedsHistorySizeOfService:
            return "HistoryRequestExceedsHistorySizeOfService";
        case SubscriberCreateError::InvalidName:
            return "InvalidName";
        case SubscriberCreateError::InvalidSetting:
            return "InvalidSetting";
        case SubscriberCreateError::NoBroker:
            return "NoBroker";
        case SubscriberCreateError::Timeout:
            return "Timeout";
        case SubscriberCreateError::ExceedsQuota:
            return "ExceedsQuota";
        case SubscriberCreateError::NotPermitted:
            return "NotPermitted";
        case SubscriberCreateError::OutOfMemory:
            return "OutOfMemory";
        case SubscriberCreateError::Interrupted:
            return "Interrupted";
        case SubscriberCreateError::ForkedProcess:
            return "ForkedProcess";
        case SubscriberCreateError::InternalFailure:
            return "InternalFailure";
    }
    return "SubscriberCreateError";
}

std::string_view to_string(FileDescriptorError error) {
    switch (error) {
        case FileDescriptorError::NoBroker:
            return "NoBroker";
        case FileDescriptorError::Timeout:
            return "Timeout";
        case FileDescriptorError::ExceedsQuota:
            return "ExceedsQuota";
        case FileDescriptorError::Interrupted:
            return "Interrupted";
        case FileDescriptorError::ForkedProcess:
            return "ForkedProcess";
        case FileDescriptorError::InternalFailure:
            return "InternalFailure";
    }
    return "FileDescriptorError";
}

}  // namespace ipc
