// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/description.hpp"
#include "rules/rejection.hpp"

namespace roudi {

// Who may open a service: the user that created it, and root.
inline Granted<void> check_permission(const Service& service, const Identity& who) {
    if (who.uid == 0 || who.uid == service.creator.identity.uid) return {};
    return reject(wire::Refusal::NotPermitted, describe(service) + " is open to its own user and root, and " +
                                                   "process " + std::to_string(who.pid) +
                                                   " belongs to user " + std::to_string(who.uid));
}

}  // namespace roudi
