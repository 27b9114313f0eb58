// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/granted_port.hpp"
#include "rules/rejection.hpp"
#include "rules/routes.hpp"

// What is granted in request-response services.
namespace roudi {

Granted<void> check_settings(const wire::RequestResponseSettings& settings);

Granted<void> check_requirements(const Service& service, const wire::RequestResponseSettings& has,
                                 const wire::RequestResponseRequest& asked);

Granted<GrantedPort> grant_port(const Service& service, const wire::RequestResponseSettings& settings,
                                const wire::ClientSettings& asked);
Granted<GrantedPort> grant_port(const Service& service, const wire::RequestResponseSettings& settings,
                                const wire::ServerSettings& asked);

ConnectionPlan plan_requests(const Port& client, const Port& server);

}  // namespace roudi
