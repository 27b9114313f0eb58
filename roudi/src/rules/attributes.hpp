// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/rejection.hpp"
#include "wire/attributes.hpp"

#include <optional>
#include <string>
#include <vector>

// What a service's creator says of it, and others ask for.
namespace roudi {

// Whether a service can have them.
Granted<void> check_attributes(const std::vector<wire::Attribute>& attributes);

// Whether a service that is created as asked has what was asked for; likewise, one that exists.
Granted<void> check_attributes(const std::string& name, const std::optional<wire::AskedAttributes>& asked);
Granted<void> check_attributes(const Service& service, const std::optional<wire::AskedAttributes>& asked);

}  // namespace roudi
