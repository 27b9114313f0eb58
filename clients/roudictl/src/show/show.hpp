// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "show/member.hpp"
#include "style.hpp"

#include <string>

namespace roudictl {

// The broker's answers, for people.
std::string show_status(const Json& answer, const Style& style);
std::string show_services(const Json& answer, const Style& style);
std::string show_service(const Json& answer, const Style& style);
// Of what types are, as services were told.
std::string show_schemas(const Json& answer, const Style& style);
std::string show_nodes(const Json& answer, const Style& style);
std::string show_node(const Json& answer, const Style& style);
std::string show_ports(const Json& answer, const Style& style);
std::string show_config(const Json& answer, const Style& style);
std::string show_explanation(const Json& answer, const Style& style);

// Tables of ports, one for each kind; a piece of the above.
std::string show_port_list(const Json& ports, const Style& style);

}  // namespace roudictl
