// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace {
class StderrLog : public roudi::Log {
    void emit(Level level, const std::string& line) override {
        std::cerr << level_names[static_cast<std::size_t>(level)] << ": " << line << '\n';
    }
};
}  // namespace

int main(int argc, char** argv) {
    std::string socket = "/run/roudi/roudi.sock";
    std::optional<int> ready;
    if (const char* fd = std::getenv("ROUDI_READY_FD")) ready = std::atoi(fd);
    for (int i = 1; i + 1 < argc; ++i) {
        if (std::string{argv[i]} == "--socket") socket = argv[i + 1];
        if (std::string{argv[i]} == "--ready-fd") ready = std::atoi(argv[i + 1]);
    }
    StderrLog log;
    auto listening = roudi::ListeningSocket::open(socket, 0666);
    if (!listening) {
        log.error(listening.error().message);
        return static_cast<int>(listening.error().code);
    }
    roudi::Settings settings;
    settings.socket = socket;
    roudi::Daemon daemon{{.settings = settings,
                          .sources = {},
                          .log = log,
                          .listening = std::move(*listening),
                          .ready_descriptor = ready,
                          .reload = [settings] { return settings; }}};
    daemon.run();
}
