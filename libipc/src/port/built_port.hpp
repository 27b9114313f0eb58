// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ipc::port {

// What all ports do to come into being. `make` builds one out of the broker's answer, or says why it cannot:
// tl::expected<std::shared_ptr<Port>, std::string>(const wire::PortCreated&, std::optional<shm::MemoryFile>).
template <class Port, class Make>
tl::expected<std::shared_ptr<Port>, control::CallFailure> build_port(control::Session& session,
                                                                     const wire::CreatePort& request,
                                                                     Make make) {
    std::shared_ptr<Port> port;
    const auto build = [&](const wire::PortCreated& created, std::optional<shm::MemoryFile> data)
        -> tl::expected<std::shared_ptr<control::PortLink>, std::string> {
        auto made = make(created, std::move(data));
        if (!made) return tl::unexpected{std::move(made.error())};
        port = std::move(*made);
        return port;
    };
    auto created = session.create_port(request, build, session.deadline());
    if (!created) return tl::unexpected{std::move(created.error())};
    return port;
}

}  // namespace ipc::port
