// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/broker_process.hpp"
#include "raw_client.hpp"

#include <cstdint>

inline constexpr auto huge = ~std::uint64_t{0};

// A broker, who made things there, and who asks for more.
struct TwoClients {
    harness::BrokerProcess broker;
    RawClient creator{broker.socket()};
    RawClient other{broker.socket()};
    TwoClients() {
        creator.hello("creator");
        other.hello("other");
    }
    wire::Refused refused(const wire::ClientMessage& request) { return other.call<wire::Refused>(request); }
};
