// SPDX-License-Identifier: Apache-2.0
#include "socket_path.hpp"

#include <unistd.h>

#include <cstdlib>

namespace ipc::control {

namespace {

// Not getenv: a program that runs with another user's rights must not be sent to a broker by its caller.
std::string environment(const char* name) {
    const char* value = ::secure_getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

// Where systemd-logind is not, and so no XDG_RUNTIME_DIR, a directory that only this user can have made: who
// connects there checks that it is the user's (see autostart).
std::string user_runtime_directory() {
    if (auto directory = environment("XDG_RUNTIME_DIR"); !directory.empty()) return directory + "/roudi";
    return "/tmp/roudi-" + std::to_string(::getuid());
}

}  // namespace

tl::expected<SocketPlaces, std::string> socket_places(const BrokerChoice& choice) {
    SocketPlaces places;
    if (!choice.socket.empty()) {
        places.sockets = {choice.socket};
        places.named_by = "the configuration";
        return places;
    }
    if (choice.domain.empty()) {
        if (auto socket = environment("ROUDI_SOCKET"); !socket.empty()) {
            places.sockets = {std::move(socket)};
            places.named_by = "ROUDI_SOCKET";
            return places;
        }
    }
    const std::string name = choice.domain.empty() ? "roudi" : choice.domain;
    if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos || name.front() == '.')
        return tl::unexpected{"the domain \"" + name +
                              "\" cannot be a file's name; use letters, digits, dashes"};
    places.system = "/run/roudi/" + name + ".sock";
    places.user = user_runtime_directory() + "/" + name + ".sock";
    places.sockets = {places.system, places.user};
    return places;
}

}  // namespace ipc::control
