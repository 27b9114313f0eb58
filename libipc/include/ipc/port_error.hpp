// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

// Why a publisher was not created.
enum class PublisherCreateError : std::uint8_t {
    ExceedsMaxSupportedPublishers,  // the service has as many as its max_publishers allows
    InvalidName,                    // longer than 128 bytes, not UTF-8, or with a zero byte
    InvalidSetting,                 // a number out of its range
    NoBroker,                       // the broker is gone, and none came within the node's timeout
    Timeout,                        // the broker did not answer in time
    ExceedsQuota,                   // of the user or the session
    NotPermitted,
    OutOfMemory,      // a segment could not be made or mapped
    Interrupted,      // the process was asked to terminate
    ForkedProcess,    // the node belongs to the process that forked this one
    InternalFailure,  // broker and library do not understand each other
};

// Why a subscriber was not created.
enum class SubscriberCreateError : std::uint8_t {
    ExceedsMaxSupportedSubscribers,                    // as many as its max_subscribers allows
    BufferSizeExceedsMaxSupportedBufferSizeOfService,  // subscriber_max_buffer_size
    HistoryRequestExceedsHistorySizeOfService,         // history_size
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

// Why a notifier was not created.
enum class NotifierCreateError : std::uint8_t {
    ExceedsMaxSupportedNotifiers,  // as many as the service's max_notifiers allows
    EventIdOutOfBounds,            // default_event_id is above the service's event_id_max_value
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

// Why a listener was not created.
enum class ListenerCreateError : std::uint8_t {
    ExceedsMaxSupportedListeners,  // as many as the service's max_listeners allows
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

// Why a client was not created.
enum class ClientCreateError : std::uint8_t {
    ExceedsMaxSupportedClients,  // as many as the service's max_clients allows
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

// Why a server was not created.
enum class ServerCreateError : std::uint8_t {
    ExceedsMaxSupportedServers,  // as many as the service's max_servers allows
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

// Why a port has no descriptor to wait for.
enum class FileDescriptorError : std::uint8_t {
    NoBroker,  // it makes the descriptor, and is gone
    Timeout,
    ExceedsQuota,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

IPC_API std::string_view to_string(PublisherCreateError error);
IPC_API std::string_view to_string(SubscriberCreateError error);
IPC_API std::string_view to_string(NotifierCreateError error);
IPC_API std::string_view to_string(ListenerCreateError error);
IPC_API std::string_view to_string(ClientCreateError error);
IPC_API std::string_view to_string(ServerCreateError error);
IPC_API std::string_view to_string(FileDescriptorError error);

}  // namespace ipc
