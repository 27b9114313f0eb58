// SPDX-License-Identifier: Apache-2.0
#include "shm/available_memory.hpp"

#include "catch.hpp"
#include "harness/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

namespace {

// A system as its files tell of it.
struct FilesOfASystem {
    harness::TemporaryDirectory directory;
    std::string root = directory.path().string();

    void say(const std::string& path, const std::string& content) const {
        const std::filesystem::path file = directory.path() / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file} << content;
    }
};

}  // namespace

TEST_CASE("what is available is what the system and each control group leave") {
    const FilesOfASystem system;
    CHECK(ipc::shm::available_memory(system.root) == std::numeric_limits<std::uint64_t>::max());
    system.say("proc/meminfo", "MemTotal:       100 kB\nMemAvailable:    50 kB\n");
    CHECK(ipc::shm::available_memory(system.root) == 50 * 1024);
    system.say("proc/self/cgroup", "1:memory:/old\n0::/a/b\n");
    system.say("sys/fs/cgroup/a/b/memory.max", "max\n");
    system.say("sys/fs/cgroup/a/memory.max", "40960\n");
    system.say("sys/fs/cgroup/a/memory.current", "30000\n");
    CHECK(ipc::shm::available_memory(system.root) == 40960 - 30000);
    system.say("sys/fs/cgroup/a/memory.stat", "anon 1000\ninactive_file 4000\nactive_file 1000\n");
    CHECK(ipc::shm::available_memory(system.root) == 40960 - 25000);
    system.say("sys/fs/cgroup/a/memory.current", "50000\n");  // its limit was lowered
    CHECK(ipc::shm::available_memory(system.root) == 0);
}

TEST_CASE("this system has memory") {
    CHECK(ipc::shm::available_memory() > 0);
}
