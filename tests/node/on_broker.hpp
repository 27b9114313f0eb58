// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/broker_process.hpp"

#include <ipc/config.hpp>

// The configuration of a node that finds this broker and no other.
inline ipc::Config on(const harness::BrokerProcess& broker) {
    ipc::Config config;
    config.socket = broker.socket();
    return config;
}
