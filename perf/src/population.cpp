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

void settle_one(std::vector<ipc::Node>& nodes, std::vector<Service>& services) {
    const std::string number = std::to_string(nodes.size());
    nodes.push_back(ipc::NodeBuilder{}
                        .name("inhabitant-" + number)
                        .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
                        .control_thread(false)
                        .create()
                        .value());
    for (int s = 0; s < Population::services_per_node; ++s)
        services.push_back(nodes.back()
                               .service_builder("ipc-bench/population/" + number + '/' + std::to_string(s))
                               .publish_subscribe<std::uint64_t>()
                               .create()
                               .value());
}

void live(int line) {
    allow_many_descriptors();
    std::vector<ipc::Node> nodes;
    std::vector<Service> services;
    int wanted = 0;
    while (read(line, &wanted, sizeof wanted) == sizeof wanted) {  // until the other end is closed
        while (nodes.size() < static_cast<std::size_t>(wanted)) settle_one(nodes, services);
        if (write(line, &wanted, sizeof wanted) != sizeof wanted) return;
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

void Population::settle(int nodes) {
    if (write(line_, &nodes, sizeof nodes) != sizeof nodes ||
        read(line_, &nodes, sizeof nodes) != sizeof nodes)
        throw std::runtime_error{"the population died out"};
}

}  // namespace bench
