// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/config.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/node_error.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace ipc::control {
class Session;
}

namespace ipc {

// Asks a broker what is going on. What roudictl stands on.
class IPC_API Introspection {
 public:
    // Connects; unlike a node it never starts a broker.
    static expected<Introspection, Error<IntrospectionError>> open(const Config& config);

    // `what` is status, services, service, nodes, node, ports or config; `argument` names the service or
    // node. The answer is a JSON object, however many messages it took. Blocks until it is complete, or the
    // configuration's timeout. Thread-safe.
    expected<std::string, Error<IntrospectionError>> ask(std::string_view what,
                                                         std::string_view argument = {}) const;

 private:
    explicit Introspection(std::shared_ptr<control::Session> session) : session_{std::move(session)} {}

    std::shared_ptr<control::Session> session_;
};

}  // namespace ipc
