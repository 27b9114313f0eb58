// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/rejection.hpp"
#include "wire/schema.hpp"

#include <optional>
#include <string>

// Descriptions of types, as clients give them.
namespace roudi {

// `what` says in messages whose schema it is: "payload schema".
Granted<void> check_schema(const std::string& what, const std::optional<wire::Schema>& schema);

// Whether what the service has is what was asked for; compared where both say something.
struct ComparedSchemas {
    const char* what;
    const std::optional<wire::Schema>& has;
    const std::optional<wire::Schema>& asked;
    wire::Refusal refusal;
};
Granted<void> compare_schemas(const Service& service, const ComparedSchemas& schemas);

}  // namespace roudi
