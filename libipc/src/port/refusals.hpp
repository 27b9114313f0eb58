// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <ipc/expected.hpp>
#include <ipc/port_error.hpp>

namespace ipc::port {

// What a call to the broker that failed means to whoever wanted a port; the message stays.
Error<PublisherCreateError> publisher_create_error(control::CallFailure failure);
Error<SubscriberCreateError> subscriber_create_error(control::CallFailure failure);
Error<NotifierCreateError> notifier_create_error(control::CallFailure failure);
Error<ListenerCreateError> listener_create_error(control::CallFailure failure);
Error<ClientCreateError> client_create_error(control::CallFailure failure);
Error<ServerCreateError> server_create_error(control::CallFailure failure);
Error<FileDescriptorError> file_descriptor_error(control::CallFailure failure);

}  // namespace ipc::port
