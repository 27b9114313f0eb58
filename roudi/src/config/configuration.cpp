// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include "config/places.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace roudi {

namespace {

namespace files = std::filesystem;
using Problem = tl::unexpected<std::string>;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string usual_file(Scope scope) {
    if (scope == Scope::System) return system_configuration;
    if (const std::string home = environment("XDG_CONFIG_HOME"); !home.empty())
        return home + "/roudi/roudi.json";
    const std::string home = environment("HOME");
    return home.empty() ? "" : home + "/.config/roudi/roudi.json";
}

// Empty where a user has no directory for sockets.
std::string usual_socket(Scope scope) {
    if (scope == Scope::System) return "/run/roudi/roudi.sock";
    const std::string directory = environment("XDG_RUNTIME_DIR");
    return directory.empty() ? "" : directory + "/roudi/roudi.sock";
}

class Loader {
 public:
    explicit Loader(Configuration& result) : result_{result}, keys_{keys_of(result.settings)} {
        for (const Key& key : keys_) result_.sources[key.name] = "default";
    }

    void take(const std::vector<Assignment>& assignments) {
        for (const Assignment& assignment : assignments) {
            const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const Key& candidate) {
                return candidate.name == assignment.key;
            });
            key->set(assignment.value);
            std::string& source = result_.sources[key->name];
            // Rules of several files hold together.
            const bool more = std::holds_alternative<Policy*>(key->value) && source != "default";
            source = more ? assignment.from + ", " + source : assignment.from;
        }
    }

    tl::expected<void, std::string> take_file(const std::string& path) {
        std::ifstream stream{path, std::ios::binary};
        std::ostringstream copy;
        copy << stream.rdbuf();  // where a read fails, this says so, and an iterator throws
        if (!stream || copy.bad())
            return Problem{"the configuration " + path +
                           " cannot be read: " + std::generic_category().message(errno)};
        auto assignments = read_configuration(copy.str(), path, keys_);
        if (!assignments) return Problem{std::move(assignments.error())};
        take(*assignments);
        result_.files.push_back(path);
        return {};
    }

    tl::expected<void, std::string> take_directory(const std::string& path) {
        std::error_code error;
        std::vector<std::string> names;
        for (files::directory_iterator entry{path, error}, end; !error && entry != end;
             entry.increment(error)) {
            if (entry->path().extension() == ".json") names.push_back(entry->path().string());
        }
        if (error && error != std::errc::no_such_file_or_directory)
            return Problem{"the directory " + path + " cannot be read: " + error.message()};
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            if (auto taken = take_file(name); !taken) return taken;
        }
        return {};
    }

    tl::expected<void, std::string> take_environment() {
        for (const Key& key : keys_) {
            const std::string text = key.variable.empty() ? "" : environment(key.variable.c_str());
            if (text.empty()) continue;
            ConfiguredValue value = text;
            if (const auto number = number_in<std::uint64_t>(text);
                number && std::holds_alternative<std::uint64_t*>(key.value))
                value = *number;
            if (const std::string problem = key.why_unacceptable(value); !problem.empty())
                return Problem{"environment variable " + key.variable + ": " + problem};
            take({{.key = key.name, .value = value, .from = "environment " + key.variable}});
        }
        return {};
    }

    tl::expected<void, std::string> take_command_line(const std::vector<Assignment>& assignments) {
        for (const Assignment& assignment : assignments) {
            const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const Key& candidate) {
                return candidate.name == assignment.key;
            });
            if (const std::string problem = key->why_unacceptable(assignment.value); !problem.empty())
                return Problem{"command line: " + problem};
        }
        take(assignments);
        return {};
    }

 private:
    Configuration& result_;
    std::vector<Key> keys_;
};

// Lines of an object, with the source of each value behind it.
void print(const nlohmann::json& object, const std::string& prefix, const std::string& indent,
           const std::map<std::string, std::string>& sources, std::string& out) {
    std::size_t left = object.size();
    for (const auto& [name, value] : object.items()) {
        const char* comma = --left == 0 ? "" : ",";
        const std::string key = prefix + name;
        out += indent + nlohmann::json(name).dump() + ": ";
        if (value.is_object()) {
            out += "{\n";
            print(value, key + ".", indent + "    ", sources, out);
            out += indent + "}" + comma + "\n";
        } else {
            out += value.dump() + comma + "  // " + sources.at(key) + "\n";
        }
    }
}

}  // namespace

tl::expected<Configuration, std::string> Configuration::load(const Request& request) {
    Configuration result;
    result.settings.socket = usual_socket(request.scope);
    Loader loader{result};
    const std::string file = request.file.value_or(usual_file(request.scope));
    std::error_code error;
    if (request.file || (!file.empty() && files::exists(file, error))) {
        if (auto taken = loader.take_file(file); !taken) return Problem{std::move(taken.error())};
    }
    if (!file.empty()) {
        if (auto taken = loader.take_directory(file + ".d"); !taken) return Problem{std::move(taken.error())};
    }
    if (auto taken = loader.take_environment(); !taken) return Problem{std::move(taken.error())};
    if (auto taken = loader.take_command_line(request.command_line); !taken)
        return Problem{std::move(taken.error())};
    if (result.settings.socket.empty())
        return Problem{
            "there is no place for the socket, for XDG_RUNTIME_DIR is not set: set it, or name a "
            "path with --socket"};
    return result;
}

std::string Configuration::text() const {
    std::string out = "{\n";
    print(configuration_object(settings), "", "    ", sources, out);
    return out + "}\n";
}

}  // namespace roudi
