// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/service_stand_ins.hpp"
#include "harness/not_tried.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

// Broker and clients as different users. Needs root, which alone can become others.

inline constexpr uid_t broker_user = 65534;
inline constexpr uid_t owner = 61001;
inline constexpr uid_t stranger = 61002;

inline void become(uid_t user) {
    if (::setresgid(user, user, user) != 0 || ::setresuid(user, user, user) != 0)
        throw std::runtime_error{"cannot become another user"};
    // Else /proc/self is root's, and refuses what the descriptors would allow.
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) throw std::runtime_error{"PR_SET_DUMPABLE"};
}

// The broker as another user, where other users get at it.
struct ForeignBroker {
    harness::TemporaryDirectory directory;
    std::string socket = directory.path() / "roudi.sock";
    NotifySocket manager{"@roudi-users-" + directory.path().filename().string()};
    std::optional<harness::Process> process;

    explicit ForeignBroker(const std::string& policy = "[]") {
        prepare(policy);
        process.emplace(how_to_start());
        await();
    }
    // SIGKILL, and another one at the same socket.
    void restart() {
        process->kill();
        process.emplace(how_to_start());
        await();
    }

 private:
    void await() const {
        if (manager.hear().find("READY=1") == std::string::npos) throw std::runtime_error{"no broker"};
    }
    std::filesystem::path configuration() const { return directory.path() / "roudi.json"; }
    std::filesystem::path program() const { return directory.path() / "roudi"; }
    void prepare(const std::string& policy) const {
        std::ofstream{configuration()} << "{\"policy\": " << policy << "}";
        std::filesystem::copy_file(roudi_path(), program());
        std::filesystem::permissions(directory.path(), std::filesystem::perms::all);
    }
    harness::Process::Start how_to_start() const {
        const std::string user = std::to_string(broker_user);
        return {.executable = "/usr/bin/setpriv",
                .arguments = {"--reuid", user, "--regid", user, "--clear-groups", program(), "--system",
                              "--config", configuration(), "--socket", socket},
                .environment = {{"NOTIFY_SOCKET", manager.path()}},
                .without = {"WATCHDOG_USEC"},
                .descriptors = {}};
    }
};

inline bool can_be_tried() {
    if (::geteuid() == 0 && std::filesystem::exists("/usr/bin/setpriv")) return true;
    harness::not_tried("only root can become other users");
    return false;
}
