// SPDX-License-Identifier: Apache-2.0
#include "broker_executable.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>

namespace ipc::control {

namespace {

// In lib/ or lib/TRIPLET/, or linked into a program beside the broker.
std::vector<std::string> beside_this_library() {
    Dl_info information{};
    if (::dladdr(reinterpret_cast<const void*>(&find_broker_executable), &information) == 0) return {};
    std::error_code error;
    const auto here = std::filesystem::canonical(information.dli_fname, error).parent_path();
    if (error) return {};
    return {here / "roudi", here.parent_path() / "bin" / "roudi",
            here.parent_path().parent_path() / "bin" / "roudi"};
}

std::vector<std::string> in_path() {
    const char* path = ::secure_getenv("PATH");
    std::vector<std::string> found;
    std::istringstream directories{path == nullptr ? "" : path};
    for (std::string directory; std::getline(directories, directory, ':');)
        if (!directory.empty()) found.push_back(directory + "/roudi");
    return found;
}

bool is_executable(const std::string& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

tl::expected<std::string, std::string> find_broker_executable(const std::string& configured) {
    const char* named = configured.empty() ? ::secure_getenv("ROUDI_EXECUTABLE") : configured.c_str();
    if (named != nullptr && *named != '\0') {
        if (is_executable(named)) return std::string{named};
        return tl::unexpected{std::string{named} +
                              ", which was named as the broker's program, cannot be run"};
    }
    std::vector<std::string> places{LIBIPC_BINDIR "/roudi"};
    for (auto& place : beside_this_library()) places.push_back(std::move(place));
    for (auto& place : in_path()) places.push_back(std::move(place));
    for (const auto& place : places)
        if (is_executable(place)) return place;
    return tl::unexpected{
        std::string{"the broker's program, roudi, is neither in " LIBIPC_BINDIR
                    ", nor beside the library, nor in PATH; install it or set ROUDI_EXECUTABLE"}};
}

}  // namespace ipc::control
