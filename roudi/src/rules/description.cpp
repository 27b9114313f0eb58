// SPDX-License-Identifier: Apache-2.0
#include "rules/description.hpp"

namespace roudi {

std::string describe(const Service& service) {
    const auto& creator = service.creator;
    return "service \"" + service.name + "\" of process " + std::to_string(creator.identity.pid) +
           " (node \"" + creator.node_name + "\", user " + std::to_string(creator.identity.uid) + ")";
}

}  // namespace roudi
