// SPDX-License-Identifier: Apache-2.0
#include "program/questions.hpp"

#include "daemon/failure.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

namespace roudi {

int hand_over_to_roudictl(char** argv) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    std::string name = "roudictl";
    argv[0] = name.data();
    if (!error) {
        const std::string beside = (self.parent_path() / name).string();
        ::execv(beside.c_str(), argv);
    }
    ::execvp(name.c_str(), argv);
    std::perror(
        "roudi: questions are answered by roudictl, which cannot be started (install it, or give only "
        "options to start the broker)");
    return static_cast<int>(ExitCode::Usage);
}

}  // namespace roudi
