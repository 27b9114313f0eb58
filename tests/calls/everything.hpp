// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace calls {

// What a broker is there for, once: two nodes open a service of every kind, make ports, connect, exchange
// something, ask what is there, and leave. Why it was not possible; empty where it was. `patience`: for each
// step; by default longer than a broker waits for a descriptor that another client has.
std::string do_everything(const std::string& socket,
                          std::chrono::milliseconds patience = std::chrono::seconds{10});

}  // namespace calls
