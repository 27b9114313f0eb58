// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/granted_port.hpp"
#include "rules/rejection.hpp"

// What holds for every messaging pattern; each has a file of its own with what is different there.
namespace roudi {

// Whether a service can be made of the settings. Every number is a client's and may be anything.
Granted<void> check_settings(const wire::ServiceRequest& request);

Granted<void> check_settings(const wire::ServiceSettings& settings);

// What a service is created as.
wire::ServiceSettings settings_of(const wire::ServiceRequest& request);

// Whether an existing service is what somebody who opens it expects: the same pattern, the same types, at
// least the numbers, exactly the flags. Only what the opener set is compared.
Granted<void> check_requirements(const Service& service, const wire::ServiceRequest& request);

// What a port that is asked for becomes in a service of its pattern.
Granted<GrantedPort> grant_port(const Service& service, const wire::PortSettings& asked);

}  // namespace roudi
