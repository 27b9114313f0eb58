// SPDX-License-Identifier: Apache-2.0
#include "control/code_of.hpp"
#include "control/session_settings.hpp"
#include "node/error_names.hpp"
#include "node/inquiry.hpp"
#include "node/session_choice.hpp"
#include "service/status_objects.hpp"

#include <ipc/introspection.hpp>
#include <ipc/node.hpp>

#include <utility>

namespace ipc {

std::string_view to_string(IntrospectionError error) {
    return detail::introspection_errors[static_cast<std::size_t>(error)];
}

expected<Introspection, Error<IntrospectionError>> Introspection::open(const Config& config) {
    auto settings = detail::session_settings(config);
    settings.broker.autostart = false;  // who only looks must not change what he sees
    settings.control_thread = false;
    settings.handle_termination = false;
    settings.observer = true;
    auto session = control::Session::open(settings);
    if (!session)
        return unexpected{control::public_error<IntrospectionError>(std::move(session.error()),
                                                                    detail::introspection_errors)};
    return Introspection{std::move(*session)};
}

expected<std::string, Error<IntrospectionError>> Introspection::ask(std::string_view what,
                                                                    std::string_view argument) const {
    return detail::inquire(*session_, what, argument);
}

namespace {

// Asks, and reads the answer as a value.
template <class Value>
expected<Value, Error<IntrospectionError>> look_up(
    const Config& config, std::string_view what, std::string_view argument,
    tl::expected<Value, std::string> (*read)(const std::string&)) {
    auto introspection = Introspection::open(config);
    if (!introspection) return unexpected{std::move(introspection.error())};
    auto answer = introspection->ask(what, argument);
    if (!answer) return unexpected{std::move(answer.error())};
    auto value = read(*answer);
    if (!value) return unexpected{Error{IntrospectionError::InternalFailure, std::move(value.error())}};
    return std::move(*value);
}

template <class Value>
expected<void, Error<IntrospectionError>> for_each(
    const expected<std::vector<Value>, Error<IntrospectionError>>& list,
    const std::function<CallbackProgression(const Value&)>& callback) {
    if (!list) return unexpected{list.error()};
    for (const Value& value : *list)
        if (callback(value) == CallbackProgression::Stop) break;
    return {};
}

}  // namespace

expected<void, Error<ServiceListError>> Service::list(
    const Config& config, const std::function<CallbackProgression(const ServiceSummary&)>& callback) {
    return for_each<ServiceSummary>(look_up(config, "services", {}, detail::service_summaries), callback);
}

expected<std::optional<ServiceDetails>, Error<ServiceDetailsError>> Service::details(std::string_view name,
                                                                                     const Config& config) {
    auto found = look_up(config, "service", name, detail::service_details);
    if (!found && found.error().code() == ServiceDetailsError::DoesNotExist)
        return std::optional<ServiceDetails>{};
    if (!found) return unexpected{std::move(found.error())};
    return std::optional{std::move(*found)};
}

expected<bool, Error<ServiceDetailsError>> Service::does_exist(std::string_view name, const Config& config) {
    auto found = details(name, config);
    if (!found) return unexpected{std::move(found.error())};
    return found->has_value();
}

expected<void, Error<NodeListError>> Node::list(
    const Config& config, const std::function<CallbackProgression(const NodeDetails&)>& callback) {
    return for_each<NodeDetails>(look_up(config, "nodes", {}, detail::node_details), callback);
}

}  // namespace ipc
