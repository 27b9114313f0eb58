// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/granted_port.hpp"
#include "rules/rejection.hpp"
#include "rules/routes.hpp"

// What is granted in publish-subscribe services.
namespace roudi {

Granted<void> check_settings(const wire::PublishSubscribeSettings& settings);

Granted<void> check_requirements(const Service& service, const wire::PublishSubscribeSettings& has,
                                 const wire::PublishSubscribeRequest& asked);

Granted<GrantedPort> grant_port(const Service& service, const wire::PublishSubscribeSettings& settings,
                                const wire::PublisherSettings& asked);
Granted<GrantedPort> grant_port(const Service& service, const wire::PublishSubscribeSettings& settings,
                                const wire::SubscriberSettings& asked);

ConnectionPlan plan_delivery(const Port& publisher, const Port& subscriber);

}  // namespace roudi
