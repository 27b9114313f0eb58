// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/attributes.hpp"

#include <ipc/attribute.hpp>

#include <optional>
#include <string>
#include <vector>

// Between what users say of a service's attributes and what the broker is told.
namespace ipc::detail {

wire::AskedAttributes to_wire(const AttributeSpecifier& specifier);
wire::AskedAttributes to_wire(const AttributeVerifier& verifier);
AttributeSet from_wire(const std::vector<wire::Attribute>& attributes);

// What is beyond the limits, as a sentence; nothing if all is fine.
std::optional<std::string> why_invalid(const wire::AskedAttributes& asked);

}  // namespace ipc::detail
