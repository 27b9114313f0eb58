// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/granted_port.hpp"
#include "rules/rejection.hpp"
#include "rules/routes.hpp"

// What is granted in event services.
namespace roudi {

Granted<void> check_settings(const wire::EventSettings& settings);

Granted<void> check_requirements(const Service& service, const wire::EventSettings& has,
                                 const wire::EventRequest& asked);

Granted<GrantedPort> grant_port(const Service& service, const wire::EventSettings& settings,
                                const wire::NotifierSettings& asked);
Granted<GrantedPort> grant_port(const Service& service, const wire::EventSettings& settings,
                                const wire::ListenerSettings& asked);

ConnectionPlan plan_events(const Port& notifier, const Port& listener);

}  // namespace roudi
