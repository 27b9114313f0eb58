// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/service_details.hpp>

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace ipc::detail {

// The broker's answers to status questions, as values. The error says that it is not what was expected.
tl::expected<std::vector<ServiceSummary>, std::string> service_summaries(const std::string& services);
tl::expected<ServiceDetails, std::string> service_details(const std::string& service);
tl::expected<std::vector<NodeDetails>, std::string> node_details(const std::string& nodes);

}  // namespace ipc::detail
