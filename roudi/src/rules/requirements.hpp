// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/rejection.hpp"

namespace roudi {

// "service "name" of process 12 (node "n", user 1000)": how messages call an existing service.
std::string describe(const Service& service);

// Whether an existing service is what somebody who opens it expects: the same types, at least the numbers,
// exactly the flags. Only what the opener set is compared.
Granted<void> check_requirements(const Service& service, const wire::PublishSubscribeSettings& types,
                                 const wire::PublishSubscribeRequirements& requirements);

}  // namespace roudi
