// SPDX-License-Identifier: Apache-2.0
#include "population.hpp"

#include <ipc/ipc.hpp>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace bench {

namespace {

void allow_many_descriptors() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

using Service = ipc::PublishSubscribeService<std::uint64_t>;

void live(int line) {
    char word = 0;
    if (read(line, &word, 1) != 1) return;
    allow_many_descriptors();
    std::vector<ipc::Node> nodes;
    std::vector<Service> services;
    for (int n = 0; n < Population::nodes; ++n) {
        nodes.push_back(ipc::NodeBuilder{}
                            .name("inhabitant-" + std::to_string(n))
                            .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
                            .control_thread(false)
                            .create()
                            .value());
        for (int s = 0; s < Population::services_per_node; ++s)
            services.push_back(
                nodes.back()
                    .service_builder("ipc-bench/population/" + std::to_string(n) + '/' + std::to_string(s))
                    .publish_subscribe<std::uint64_t>()
                    .create()
                    .value());
    }
    if (write(line, &word, 1) != 1) return;
    while (read(line, &word, 1) < 0 && errno == EINTR) {  // until the other end is closed
    }
}

}  // namespace

Population::Population() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    pid_ = fork();
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        try {
            live(ends[1]);
        } catch (const std::exception& failure) {
            std::fprintf(stderr, "ipc-bench: population: %s\n", failure.what());
        }
        _exit(0);
    }
    close(ends[1]);
    line_ = ends[0];
}

Population::~Population() {
    close(line_);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void Population::settle() {
    char word = 0;
    if (write(line_, &word, 1) != 1 || read(line_, &word, 1) != 1)
        throw std::runtime_error{"the population died out"};
}

}  // namespace bench
