// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace roudi {

// The program's exit codes; --help lists them.
enum class ExitCode : int {
    Fine = 0,
    Failed = 1,  // the system refused something
    Usage = 2,   // command line or configuration
    AlreadyRunning = 3
};

// Why the broker cannot run.
struct Failure {
    ExitCode code = ExitCode::Failed;
    std::string message;
};

}  // namespace roudi
