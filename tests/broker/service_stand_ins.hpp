// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/process.hpp"
#include "shm/unique_fd.hpp"

#include <map>
#include <string>
#include <vector>

// Stand-ins for what a service manager does, and for a shell that starts the broker.

std::string roudi_path();

struct Run {
    harness::Ending ending;
    std::string output;
    std::string error;
};
// Runs the broker to its end. `script`: of a shell that becomes the broker; $0 is its path, $@ the arguments.
Run run_roudi(const std::vector<std::string>& arguments,
              const std::map<std::string, std::string>& environment = {},
              const std::string& script = "exec \"$0\" \"$@\"");

// Where sd_notify messages arrive. A path that begins with '@' is in the abstract namespace.
class NotifySocket {
 public:
    explicit NotifySocket(const std::string& path);

    const std::string& path() const { return path_; }
    std::string hear() const;
    // Hears until a message contains this; false if none comes.
    bool hear_until(const std::string& part) const;

 private:
    std::string path_;
    ipc::shm::UniqueFd socket_;
};

ipc::shm::UniqueFd listen_at(const std::string& path);
bool can_connect(const std::string& path);
