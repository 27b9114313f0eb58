// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/file_reader.hpp"
#include "config/settings.hpp"

#include <tl/expected.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace roudi {

// Whose broker it is: the system's, or one user's.
enum class Scope : std::uint8_t { System, User };

// The settings, put together from all sources: later ones win.
struct Configuration {
    struct Request {
        Scope scope = Scope::System;
        std::optional<std::string> file;  // instead of the scope's own
        std::vector<Assignment> command_line;
    };

    Settings settings;
    std::map<std::string, std::string> sources;  // of each key: where its value came from
    std::vector<std::string> files;              // that were read, in that order

    // Defaults; the file, which may be missing unless the request names it; FILE.d/*.json in the order of
    // their names; the environment; the command line. The error says where it is.
    static tl::expected<Configuration, std::string> load(const Request& request);

    // As a file that load() reads, with where each value came from in comments.
    std::string text() const;
};

}  // namespace roudi
