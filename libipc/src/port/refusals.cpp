// SPDX-License-Identifier: Apache-2.0
#include "port/refusals.hpp"

#include "control/code_of.hpp"
#include "port/error_names.hpp"

#include <utility>

namespace ipc::port {

Error<PublisherCreateError> publisher_create_error(control::CallFailure failure) {
    return control::public_error<PublisherCreateError>(std::move(failure), publisher_create_errors);
}

Error<SubscriberCreateError> subscriber_create_error(control::CallFailure failure) {
    return control::public_error<SubscriberCreateError>(std::move(failure), subscriber_create_errors);
}

Error<NotifierCreateError> notifier_create_error(control::CallFailure failure) {
    return control::public_error<NotifierCreateError>(std::move(failure), notifier_create_errors);
}

Error<ListenerCreateError> listener_create_error(control::CallFailure failure) {
    return control::public_error<ListenerCreateError>(std::move(failure), listener_create_errors);
}

Error<ClientCreateError> client_create_error(control::CallFailure failure) {
    return control::public_error<ClientCreateError>(std::move(failure), client_create_errors);
}

Error<ServerCreateError> server_create_error(control::CallFailure failure) {
    return control::public_error<ServerCreateError>(std::move(failure), server_create_errors);
}

Error<FileDescriptorError> file_descriptor_error(control::CallFailure failure) {
    return control::public_error<FileDescriptorError>(std::move(failure), file_descriptor_errors);
}

}  // namespace ipc::port
