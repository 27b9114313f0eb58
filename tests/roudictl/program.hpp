// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/process.hpp"
#include "shm/unique_fd.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

// The program itself, as somebody calls it.
class Program {
 public:
    struct Call {
        std::vector<std::string> arguments;
        std::map<std::string, std::string> environment;
        std::string executable = ROUDICTL_PATH;
        bool terminal = false;  // its output is one
    };

    explicit Program(const Call& call);

    // The next line of its output; empty at the end.
    std::string line();
    void signal(int number) const { process_->signal(number); }

    struct Outcome {
        int code = -1;
        std::string out;
        std::string err;
    };
    // Waits for the end.
    Outcome outcome();

 private:
    ipc::shm::UniqueFd out_;
    ipc::shm::UniqueFd err_;
    std::string pending_;
    std::unique_ptr<harness::Process> process_;
};

Program::Outcome run(const Program::Call& call);
