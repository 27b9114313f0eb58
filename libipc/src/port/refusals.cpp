// SPDX-License-Identifier: Apache-2.0
#include "port/refusals.hpp"

#include <utility>

namespace ipc::port {

namespace {

using Kind = control::CallFailure::Kind;
using wire::Refusal;

// What all the enums have.
template <class Code>
Code code_of_call(const control::CallFailure& failure) {
    switch (failure.kind) {
        case Kind::NoBroker:
            return Code::NoBroker;
        case Kind::Timeout:
            return Code::Timeout;
        case Kind::Interrupted:
            return Code::Interrupted;
        case Kind::ForkedProcess:
            return Code::ForkedProcess;
        case Kind::Refused:
            break;
    }
    return failure.refusal == Refusal::ExceedsQuota ? Code::ExceedsQuota : Code::InternalFailure;
}

// What the enums of both ports have.
template <class Code>
Code code_of_port(const control::CallFailure& failure) {
    if (failure.kind == Kind::Refused) switch (failure.refusal) {
            case Refusal::InvalidName:
                return Code::InvalidName;
            case Refusal::InvalidSetting:
                return Code::InvalidSetting;
            case Refusal::NotPermitted:
                return Code::NotPermitted;
            case Refusal::OutOfMemory:
                return Code::OutOfMemory;
            default:
                break;
        }
    return code_of_call<Code>(failure);
}

}  // namespace

Error<PublisherCreateError> publisher_create_error(control::CallFailure failure) {
    const auto code =
        failure.kind == Kind::Refused && failure.refusal == Refusal::ExceedsMaxSupportedPublishers
            ? PublisherCreateError::ExceedsMaxSupportedPublishers
            : code_of_port<PublisherCreateError>(failure);
    return {code, std::move(failure.message)};
}

Error<SubscriberCreateError> subscriber_create_error(control::CallFailure failure) {
    auto code = code_of_port<SubscriberCreateError>(failure);
    if (failure.kind == Kind::Refused) switch (failure.refusal) {
            case Refusal::ExceedsMaxSupportedSubscribers:
                code = SubscriberCreateError::ExceedsMaxSupportedSubscribers;
                break;
            case Refusal::BufferSizeExceedsMaxSupportedBufferSizeOfService:
                code = SubscriberCreateError::BufferSizeExceedsMaxSupportedBufferSizeOfService;
                break;
            case Refusal::HistoryRequestExceedsHistorySizeOfService:
                code = SubscriberCreateError::HistoryRequestExceedsHistorySizeOfService;
                break;
            default:
                break;
        }
    return {code, std::move(failure.message)};
}

Error<FileDescriptorError> file_descriptor_error(control::CallFailure failure) {
    return {code_of_call<FileDescriptorError>(failure), std::move(failure.message)};
}

}  // namespace ipc::port
