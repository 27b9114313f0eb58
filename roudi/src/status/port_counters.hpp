// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace roudi {

// What a port counts, by the names of its kind, and what follows from that.
nlohmann::json counters_object(const Port& port);

// Requests of all the service's clients that are under way.
std::uint64_t active_requests(const Service& service);

}  // namespace roudi
