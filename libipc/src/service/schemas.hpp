// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/schema.hpp"

#include <ipc/schema.hpp>

#include <optional>
#include <string>

// Between what users say of a type and what the broker is told.
namespace ipc::detail {

std::optional<wire::Schema> to_wire(const std::optional<Schema>& schema);
std::optional<Schema> from_wire(const std::optional<wire::Schema>& schema);

// What is beyond the limits, as a sentence; nothing if all is fine. `what` is "payload schema", …
std::optional<std::string> why_invalid(const std::string& what, const std::optional<Schema>& schema);

}  // namespace ipc::detail
