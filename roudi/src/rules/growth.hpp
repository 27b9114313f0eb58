// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/patterns.hpp"

namespace roudi {

namespace wire = ipc::wire;

// Of a port: whether it may get further data segments, and whether all of its lie in huge pages.
bool grows(const wire::PortSettings& settings);
bool lies_in_huge_pages(const wire::PortSettings& settings);

}  // namespace roudi
