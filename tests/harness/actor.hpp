// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/process.hpp"
#include "shm/unique_fd.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace harness {

// What test and actor say to each other: short messages, whole and in order.
class Line {
 public:
    explicit Line(ipc::shm::UniqueFd socket) : socket_{std::move(socket)} {}

    void tell(std::string_view message) const;
    // Waits for the next message. Throws where the other side is gone or silent for too long.
    std::string hear() const;
    // Whether hear() would not wait.
    bool has_message() const;
    // hear(), and throws where it is not this.
    void expect(std::string_view message) const;
    // Readable when a message is there.
    int descriptor() const { return socket_.get(); }

 private:
    ipc::shm::UniqueFd socket_;
};

// A function that runs in a process of its own; what it returns is the exit code. An exception ends it with
// code 99 and its text on stderr.
using ActorFunction = int (*)(const Line& test, const std::vector<std::string>& arguments);

struct ActorRegistration {
    ActorRegistration(const char* name, ActorFunction function);
};

// Defines one:  ACTOR(publisher) { test.tell("ready"); … return 0; }
#define ACTOR(name)                                                                                      \
    static int actor_##name(const ::harness::Line& test, const ::std::vector<::std::string>& arguments); \
    static const ::harness::ActorRegistration actor_registration_##name{#name, actor_##name};            \
    static int actor_##name([[maybe_unused]] const ::harness::Line& test,                                \
                            [[maybe_unused]] const ::std::vector<::std::string>& arguments)

// A running actor. `environment` on top of ours, for example ROUDI_SOCKET; `executable`: the program that has
// it, where that is another than this.
class Actor {
 public:
    explicit Actor(const std::string& name, const std::vector<std::string>& arguments = {},
                   const std::map<std::string, std::string>& environment = {},
                   const std::string& executable = "/proc/self/exe");

    Line line;
    Process process;

    void tell(std::string_view message) const { line.tell(message); }
    std::string hear() const { return line.hear(); }
    void expect(std::string_view message) const { line.expect(message); }
    Ending wait() { return process.wait(); }
    void kill() { process.kill(); }

 private:
    Actor(std::pair<ipc::shm::UniqueFd, ipc::shm::UniqueFd> ends, const std::string& name,
          const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
          const std::string& executable);
};

bool is_actor();
int run_actor(int argc, char** argv);

}  // namespace harness
