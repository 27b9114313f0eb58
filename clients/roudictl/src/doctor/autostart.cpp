// SPDX-License-Identifier: Apache-2.0
#include "doctor/autostart.hpp"

#include "doctor/environment.hpp"

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <system_error>

namespace roudictl {
namespace {

bool is_executable(const std::string& path) {
    return access(path.c_str(), X_OK) == 0;
}

// Installed, the broker lies beside us; then come the directories of PATH.
std::vector<std::string> candidates() {
    std::vector<std::string> found;
    std::error_code hidden;
    if (const auto self = std::filesystem::read_symlink("/proc/self/exe", hidden); !hidden) {
        found.push_back((self.parent_path() / "roudi").string());
    }
    std::istringstream path{environment("PATH")};
    for (std::string directory; std::getline(path, directory, ':');) found.push_back(directory + "/roudi");
    return found;
}

}  // namespace

Finding check_autostart() {
    if (environment("ROUDI_AUTOSTART") == "0") {
        return {Verdict::Ok, "autostart", "switched off by ROUDI_AUTOSTART", ""};
    }
    if (const auto named = environment("ROUDI_EXECUTABLE"); !named.empty()) {
        if (is_executable(named)) return {Verdict::Ok, "autostart", named + ", from ROUDI_EXECUTABLE", ""};
        return {Verdict::Fail, "autostart", named + ", from ROUDI_EXECUTABLE, cannot be run",
                "Unset ROUDI_EXECUTABLE, or name the roudi that is installed"};
    }
    for (const auto& candidate : candidates()) {
        if (is_executable(candidate)) return {Verdict::Ok, "autostart", candidate, ""};
    }
    return {Verdict::Warn, "autostart", "no roudi beside roudictl or in PATH",
            "Install it, or name it in ROUDI_EXECUTABLE"};
}

}  // namespace roudictl
