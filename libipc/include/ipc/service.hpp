// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/config.hpp"
#include "ipc/event.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/node_error.hpp"
#include "ipc/publish_subscribe.hpp"
#include "ipc/request_response.hpp"
#include "ipc/service_details.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ipc {

// The name of a service, before its messaging pattern is chosen.
class ServiceBuilder {
 public:
    ServiceBuilder(std::shared_ptr<control::Session> session, std::string name)
        : session_{std::move(session)}, name_{std::move(name)} {}

    // See ipc/payload.hpp for what a Payload may be.
    template <class Payload>
    PublishSubscribeBuilder<Payload> publish_subscribe() const {
        return PublishSubscribeBuilder<Payload>{publish_subscribe(type_detail<Payload>())};
    }
    // Of a type that is described at run time.
    untyped::PublishSubscribeBuilder publish_subscribe(TypeDetail payload) const {
        return {session_, name_, std::move(payload)};
    }
    // Both as a Payload.
    template <class Request, class Response>
    RequestResponseBuilder<Request, Response> request_response() const {
        return RequestResponseBuilder<Request, Response>{
            request_response(type_detail<Request>(), type_detail<Response>())};
    }
    untyped::RequestResponseBuilder request_response(TypeDetail request, TypeDetail response) const {
        return {session_, name_, std::move(request), std::move(response)};
    }
    EventBuilder event() const { return {session_, name_}; }

 private:
    std::shared_ptr<control::Session> session_;
    std::string name_;
};

// Questions about services that need no node. Each connects to the broker and blocks until it has answered,
// or the configuration's timeout; none starts a broker.
class IPC_API Service {
 public:
    // Calls back for each service, in the order of their names.
    static expected<void, Error<ServiceListError>> list(
        const Config& config, const std::function<CallbackProgression(const ServiceSummary&)>& callback);
    static expected<bool, Error<ServiceDetailsError>> does_exist(std::string_view name, const Config& config);
    // Nothing where there is no such service.
    static expected<std::optional<ServiceDetails>, Error<ServiceDetailsError>> details(std::string_view name,
                                                                                       const Config& config);
};

}  // namespace ipc
