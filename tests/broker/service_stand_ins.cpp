// SPDX-License-Identifier: Apache-2.0
#include "service_stand_ins.hpp"

#include "harness/temporary_directory.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace {

struct Address {
    sockaddr_un address{};
    socklen_t size;

    explicit Address(const std::string& path) {
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        const bool abstract = path.front() == '@';
        if (abstract) address.sun_path[0] = '\0';
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (abstract ? 0 : 1));
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

std::string contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

ipc::shm::UniqueFd bind_at(const std::string& path, int type) {
    ipc::shm::UniqueFd socket{::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)};
    const Address address{path};
    if (::bind(socket.get(), address.get(), address.size) != 0) throw std::runtime_error{"bind " + path};
    return socket;
}

}  // namespace

std::string roudi_path() {
    return ROUDI_PATH;
}

Run run_roudi(const std::vector<std::string>& arguments,
              const std::map<std::string, std::string>& environment, const std::string& script) {
    const harness::TemporaryDirectory directory;
    const std::string output = directory.path() / "output";
    const std::string error = directory.path() / "error";
    constexpr int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
    const ipc::shm::UniqueFd output_file{::open(output.c_str(), flags, 0600)};
    const ipc::shm::UniqueFd error_file{::open(error.c_str(), flags, 0600)};
    harness::Process::Start start{.executable = "/bin/sh",
                                  .arguments = {"-c", script, roudi_path()},
                                  .environment = environment,
                                  .without = {"NOTIFY_SOCKET", "ROUDI_SOCKET"},
                                  .descriptors = {{.number = STDOUT_FILENO, .source = output_file.get()},
                                                  {.number = STDERR_FILENO, .source = error_file.get()}}};
    start.arguments.insert(start.arguments.end(), arguments.begin(), arguments.end());
    harness::Process process{start};
    const auto ending = process.wait();
    return {.ending = ending, .output = contents(output), .error = contents(error)};
}

NotifySocket::NotifySocket(const std::string& path) : path_{path}, socket_{bind_at(path, SOCK_DGRAM)} {}

std::string NotifySocket::hear() const {
    pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, harness::patience_ms) != 1) throw std::runtime_error{"the broker tells nothing"};
    std::array<char, 4096> text{};
    const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(size < 0 ? 0 : size)};
}

bool NotifySocket::hear_until(const std::string& part) const {
    return harness::eventually([&] { return hear().find(part) != std::string::npos; });
}

ipc::shm::UniqueFd listen_at(const std::string& path) {
    auto socket = bind_at(path, SOCK_STREAM);
    if (::listen(socket.get(), 16) != 0) throw std::runtime_error{"listen"};
    return socket;
}

bool can_connect(const std::string& path) {
    const ipc::shm::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const Address address{path};
    return ::connect(socket.get(), address.get(), address.size) == 0;
}
