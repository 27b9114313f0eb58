// SPDX-License-Identifier: Apache-2.0
#include "rules/growth.hpp"

namespace roudi {

bool grows(const wire::PortSettings& settings) {
    return std::visit(
        [](const auto& port) {
            if constexpr (requires { port.allocation; })
                return port.allocation.value_or(wire::Allocation::Static) != wire::Allocation::Static;
            else
                return false;
        },
        settings);
}

bool lies_in_huge_pages(const wire::PortSettings& settings) {
    return std::visit(
        [](const auto& port) {
            if constexpr (requires { port.huge_pages; })
                return port.huge_pages.value_or(false);
            else
                return false;
        },
        settings);
}

}  // namespace roudi
