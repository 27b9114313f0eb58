// SPDX-License-Identifier: Apache-2.0
#include "rules/patterns.hpp"

#include "rules/description.hpp"
#include "rules/event.hpp"
#include "rules/publish_subscribe.hpp"
#include "rules/request_response.hpp"

#include <variant>

namespace roudi {

Granted<void> check_settings(const wire::ServiceRequest& request) {
    return std::visit([](const auto& of_pattern) { return check_settings(of_pattern.settings); }, request);
}

Granted<void> check_settings(const wire::ServiceSettings& settings) {
    return std::visit([](const auto& of_pattern) { return check_settings(of_pattern); }, settings);
}

wire::ServiceSettings settings_of(const wire::ServiceRequest& request) {
    return std::visit([](const auto& of_pattern) { return wire::ServiceSettings{of_pattern.settings}; },
                      request);
}

Granted<void> check_requirements(const Service& service, const wire::ServiceRequest& request) {
    return std::visit(
        [&]<class Request>(const Request& asked) -> Granted<void> {
            using Asked = typename Request::Settings;
            if (const auto* has = std::get_if<Asked>(&service.settings))
                return check_requirements(service, *has, asked);
            const auto article_and = [](std::string_view words) {
                return (words.front() == 'e' ? "an " : "a ") + std::string{words} + " service";
            };
            return reject(wire::Refusal::IncompatibleMessagingPattern,
                          describe(service) + " is " + article_and(wire::words_for(service.settings)) +
                              ", and " + article_and(Asked::words) + " was asked for");
        },
        request);
}

Granted<GrantedPort> grant_port(const Service& service, const wire::PortSettings& asked) {
    return std::visit(
        [&]<class Port>(const Port& port) {
            return grant_port(service, std::get<typename Port::Service>(service.settings), port);
        },
        asked);
}

}  // namespace roudi
