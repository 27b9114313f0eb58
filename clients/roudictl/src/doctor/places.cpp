// SPDX-License-Identifier: Apache-2.0
#include "doctor/places.hpp"

#include "doctor/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace roudictl {
namespace {

constexpr auto system_directory = "/run/roudi";
constexpr auto default_name = "roudi.sock";

// The system's and the user's, as the library has them.
std::vector<std::string> directories() {
    const auto runtime = environment("XDG_RUNTIME_DIR");
    return {system_directory,
            runtime.empty() ? "/tmp/roudi-" + std::to_string(getuid()) : runtime + "/roudi"};
}

std::vector<Place> domains(const std::string& directory) {
    std::vector<Place> found;
    std::error_code nothing_there;
    for (const auto& entry : std::filesystem::directory_iterator{directory, nothing_there}) {
        const auto& path = entry.path();
        if (path.extension() == ".sock" && path.filename() != default_name) {
            found.push_back({Place::Kind::Domain, "domain " + path.stem().string(), path.string()});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Place& left, const Place& right) { return left.path < right.path; });
    return found;
}

}  // namespace

std::vector<Place> places(const BrokerChoice& choice) {
    std::vector<Place> found;
    if (!choice.socket.empty()) found.push_back({Place::Kind::Asked, "asked for", choice.socket});
    if (const auto path = environment("ROUDI_SOCKET"); !path.empty()) {
        found.push_back({Place::Kind::Environment, "ROUDI_SOCKET", path});
    }
    const auto all = directories();
    for (const auto& directory : all) {
        const bool system = directory == system_directory;
        found.push_back({system ? Place::Kind::System : Place::Kind::User, system ? "system" : "user",
                         directory + "/" + default_name});
    }
    bool domain_found = choice.domain.empty();
    for (const auto& directory : all) {
        for (auto& place : domains(directory)) {
            if (place.name == "domain " + choice.domain) {
                place.kind = Place::Kind::Asked;
                domain_found = true;
            }
            found.push_back(std::move(place));
        }
    }
    if (!domain_found) {
        const auto path = all.back() + "/" + choice.domain + ".sock";
        found.push_back({Place::Kind::Asked, "domain " + choice.domain, path});
    }
    return found;
}

}  // namespace roudictl
