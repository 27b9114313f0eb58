// SPDX-License-Identifier: Apache-2.0
#include "broker_connection.hpp"

#include "control/autostart.hpp"
#include "control/embedded_broker.hpp"
#include "control/socket_path.hpp"
#include "control/unix_socket.hpp"

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace ipc::control {

namespace {

tl::unexpected<CallFailure> no_broker(std::string message) {
    return tl::unexpected{CallFailure{.kind = CallFailure::Kind::NoBroker, .message = std::move(message)}};
}

BrokerConnection at(const std::string& path, shm::UniqueFd socket, bool starts = false) {
    return {.socket = std::move(socket),
            .path = path,
            .name = "the broker at " + path,
            .starts = starts,
            .embedded = nullptr};
}

bool environment_forbids_autostart() {
    const char* variable = ::secure_getenv("ROUDI_AUTOSTART");
    return variable != nullptr && std::string_view{variable} == "0";
}

tl::expected<BrokerConnection, CallFailure> start_and_connect(const BrokerChoice& choice,
                                                              const std::string& socket,
                                                              Clock::time_point deadline) {
    if (auto started = start_user_broker(choice, socket, deadline); !started)
        return no_broker("no broker answers, and none could be started: " + started.error());
    auto connected = connect_unix(socket, deadline);
    if (!connected)
        return no_broker("a broker was started on " + socket +
                         " but does not answer: " + connected.error().message());
    return at(socket, std::move(*connected), true);
}

}  // namespace

tl::expected<BrokerConnection, CallFailure> connect_to_broker(const BrokerChoice& choice,
                                                              Clock::time_point deadline) {
    if (choice.local) {
        auto embedded = connect_to_embedded_broker();
        if (!embedded) return no_broker("the broker of this process cannot be started: " + embedded.error());
        return std::move(*embedded);
    }
    auto places = socket_places(choice);
    if (!places) return no_broker(std::move(places.error()));

    std::string tried;
    for (const auto& path : places->sockets) {
        auto socket = connect_unix(path, deadline);
        const bool starts = path == places->user && choice.autostart && !environment_forbids_autostart();
        if (socket) return at(path, std::move(*socket), starts);
        const int code = socket.error().code;
        tried += (tried.empty() ? "" : ", ") + path + " (" + socket.error().message() + ")";
        if (!places->named_by.empty())
            return no_broker("no broker answers at " + tried + ", which " + places->named_by +
                             " names; start one there with: roudi --socket " + path);
        // A system broker is installed: to start another one would put this node into another world.
        const bool absent = code == ENOENT || code == ENOTDIR;
        if (path == places->system && !absent)
            return no_broker("a system broker is installed, but does not answer at " + tried +
                             "; start it with: systemctl start roudi");
    }
    const std::string advice = "; start one with: roudi --user --socket " + places->user;
    if (!choice.autostart) return no_broker("no broker answers at " + tried + advice);
    if (environment_forbids_autostart())
        return no_broker("no broker answers at " + tried + ", and ROUDI_AUTOSTART=0 forbids to start one" +
                         advice);
    return start_and_connect(choice, places->user, deadline);
}

}  // namespace ipc::control
