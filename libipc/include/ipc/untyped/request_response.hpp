// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/attribute.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/node_error.hpp"
#include "ipc/request_response_error.hpp"
#include "ipc/schema.hpp"
#include "ipc/service_details.hpp"
#include "ipc/static_config.hpp"
#include "ipc/type_detail.hpp"
#include "ipc/untyped/client.hpp"
#include "ipc/untyped/server.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ipc::control {
class Session;
}
namespace ipc::detail {
struct Opening;
class ServiceHandle;
}  // namespace ipc::detail

namespace ipc::untyped {

// An opened service. Copies are the same service; the node has it open until the last of them, and of the
// ports made from it, is gone. Thread-safe.
class IPC_API RequestResponseService {
 public:
    const std::string& name() const;
    // Names pattern and service together, the same in every process: 64 hexadecimal digits or fewer.
    const std::string& service_hash() const;
    // Whether it was this open_or_create that created it.
    bool was_created() const;
    // What its creator said of it.
    AttributeSet attributes() const;
    RequestResponseStaticConfig static_config() const;
    // Asks the broker: blocks until it answers, or the configuration's timeout.
    expected<RequestResponseDynamicConfig, Error<ServiceDetailsError>> dynamic_config() const;

    ClientBuilder client_builder() const;
    ServerBuilder server_builder() const;

    const std::shared_ptr<detail::ServiceHandle>& handle() const { return handle_; }

 private:
    friend class RequestResponseBuilder;
    explicit RequestResponseService(std::shared_ptr<detail::ServiceHandle> handle)
        : handle_{std::move(handle)} {}

    std::shared_ptr<detail::ServiceHandle> handle_;
};

// Settings of a service. For one that exists, only what was set is compared: numbers are minima, flags must
// be equal, types must match. What was not set is as in ipc/defaults.hpp if the service is created.
class IPC_API RequestResponseBuilder {
 public:
    RequestResponseBuilder(std::shared_ptr<control::Session> session, std::string name, TypeDetail request,
                           TypeDetail response)
        : session_{std::move(session)},
          name_{std::move(name)},
          request_{std::move(request)},
          response_{std::move(response)} {}

    RequestResponseBuilder& request_user_header(TypeDetail type);
    RequestResponseBuilder& response_user_header(TypeDetail type);
    // Describe the types; compared with the creator's where both say something.
    RequestResponseBuilder& request_schema(Schema schema);
    RequestResponseBuilder& response_schema(Schema schema);
    // Whether a server with as many requests waiting as a client may have active loses the oldest of them,
    // rather than make the client wait or drop the new.
    RequestResponseBuilder& enable_safe_overflow_for_requests(bool enabled);
    // Whether a full response buffer loses its oldest response, rather than make the server wait or drop the
    // new. The buffers of other requests are not concerned.
    RequestResponseBuilder& enable_safe_overflow_for_responses(bool enabled);
    // Whether servers receive a request although its client has dropped the pending response by then.
    RequestResponseBuilder& enable_fire_and_forget_requests(bool enabled);
    // Requests of a client whose pending responses are there: 1 to 32767.
    RequestResponseBuilder& max_active_requests_per_client(std::uint64_t count);
    // Requests that a client may write at the same time: 1 to 65536.
    RequestResponseBuilder& max_loaned_requests(std::uint64_t count);
    // Responses of each server that may wait in a pending response: 1 to 32768.
    RequestResponseBuilder& max_response_buffer_size(std::uint64_t responses);
    // Responses of each server that may be held of a pending response at a time: 1 to 32767.
    RequestResponseBuilder& max_borrowed_responses_per_pending_response(std::uint64_t responses);
    // 1 to 65536 each.
    RequestResponseBuilder& max_clients(std::uint64_t count);
    RequestResponseBuilder& max_servers(std::uint64_t count);
    RequestResponseBuilder& max_nodes(std::uint64_t count);
    // A power of two, at least the type's and at most 4096 bytes, also where payloads lie in huge pages.
    RequestResponseBuilder& request_payload_alignment(std::uint64_t bytes);
    RequestResponseBuilder& response_payload_alignment(std::uint64_t bytes);

    // Each asks the broker: blocks until it answers, or the configuration's timeout.
    expected<RequestResponseService, Error<RequestResponseCreateError>> create() const;
    expected<RequestResponseService, Error<RequestResponseOpenError>> open() const;
    expected<RequestResponseService, Error<RequestResponseOpenOrCreateError>> open_or_create() const;
    // Likewise. A service that is created has the attributes that are defined, or required with a value; one
    // that is opened must have what is required (IncompatibleAttributes).
    expected<RequestResponseService, Error<RequestResponseCreateError>> create_with_attributes(
        const AttributeSpecifier& attributes) const;
    expected<RequestResponseService, Error<RequestResponseOpenError>> open_with_attributes(
        const AttributeVerifier& required) const;
    expected<RequestResponseService, Error<RequestResponseOpenOrCreateError>> open_or_create_with_attributes(
        const AttributeVerifier& required) const;

 private:
    template <class Code>
    expected<RequestResponseService, Error<Code>> ask(detail::Opening opening) const;

    std::shared_ptr<control::Session> session_;
    std::string name_;
    TypeDetail request_;
    TypeDetail request_user_header_;
    TypeDetail response_;
    TypeDetail response_user_header_;
    std::optional<Schema> request_schema_;
    std::optional<Schema> response_schema_;
    std::optional<bool> request_overflow_;
    std::optional<bool> response_overflow_;
    std::optional<bool> fire_and_forget_;
    std::optional<std::uint64_t> max_active_requests_per_client_;
    std::optional<std::uint64_t> max_loaned_requests_;
    std::optional<std::uint64_t> max_response_buffer_size_;
    std::optional<std::uint64_t> max_borrowed_responses_per_pending_response_;
    std::optional<std::uint64_t> max_clients_;
    std::optional<std::uint64_t> max_servers_;
    std::optional<std::uint64_t> max_nodes_;
    std::optional<std::uint64_t> request_payload_alignment_;
    std::optional<std::uint64_t> response_payload_alignment_;
};

}  // namespace ipc::untyped
