// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

// What the tests of clients and servers share: a broker and a node of their own.
namespace request {

using namespace std::chrono_literals;
using harness::World;

using harness::patience;

template <class Port>
auto next(Port& port) {
    auto received = port.receive(patience).value();
    REQUIRE(received.has_value());
    return std::move(*received);
}

template <class Port>
bool finds_nothing(Port& port) {
    return !port.receive().value().has_value();
}

}  // namespace request
