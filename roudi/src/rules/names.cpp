// SPDX-License-Identifier: Apache-2.0
#include "rules/names.hpp"

#include "layout/limits.hpp"

namespace roudi {

namespace {

Granted<void> check(const std::string& name, const std::string& what, std::uint64_t limit) {
    if (name.size() > limit)
        return reject(wire::Refusal::InvalidName, "the name of " + what + " has " +
                                                      std::to_string(name.size()) + " bytes, and at most " +
                                                      std::to_string(limit) + " are allowed");
    if (name.find('\0') != std::string::npos)
        return reject(wire::Refusal::InvalidName,
                      "the name of " + what + " has a NUL at byte " + std::to_string(name.find('\0')));
    return {};
}

}  // namespace

Granted<void> check_service_name(const std::string& name) {
    if (name.empty())
        return reject(wire::Refusal::InvalidName, "the name of a service is empty, and 1 to " +
                                                      std::to_string(ipc::layout::max_service_name) +
                                                      " bytes are allowed");
    return check(name, "a service", ipc::layout::max_service_name);
}

Granted<void> check_label(const std::string& name, const char* what) {
    return check(name, what, ipc::layout::max_node_name);
}

}  // namespace roudi
