// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.hpp"
#include "program/command_line.hpp"
#include "program/log_sink.hpp"
#include "program/questions.hpp"

#include <boost/system/system_error.hpp>

#include <sys/resource.h>

#include <csignal>
#include <iostream>

namespace {

using roudi::CommandLine;
using roudi::Configuration;
using roudi::ExitCode;

int complain(const std::string& message, ExitCode code) {
    std::cerr << "roudi: " << message << '\n';
    return static_cast<int>(code);
}

// A broker has a few descriptors for each of its clients.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);  // to serve fewer clients is better than none
}

tl::expected<roudi::ListeningSocket, roudi::Failure> listen(const std::string& path, roudi::Scope scope) {
    auto inherited = roudi::ListeningSocket::inherited();
    if (!inherited || *inherited) return inherited;
    // Everybody may knock at a system's broker: whom it lets in, it decides by what the kernel says of them.
    const mode_t mode = scope == roudi::Scope::System ? 0666 : 0600;
    return roudi::ListeningSocket::open(path, mode);
}

int run(const CommandLine& command, Configuration configuration) {
    std::signal(SIGPIPE, SIG_IGN);  // nobody has to read the log
    auto log = roudi::LogSink::open(configuration.settings.log_sink, configuration.settings.log_level);
    if (!log) return complain(log.error(), ExitCode::Usage);
    raise_descriptor_limit();
    auto listening = listen(configuration.settings.socket, command.configuration.scope);
    if (!listening) {
        (*log)->error(listening.error().message);
        return static_cast<int>(listening.error().code);
    }
    configuration.settings.socket = listening->path();
    try {
        roudi::Daemon daemon{{.settings = std::move(configuration.settings),
                              .sources = std::move(configuration.sources),
                              .log = **log,
                              .listening = std::move(*listening),
                              .ready_descriptor = command.ready_descriptor,
                              .reload = [&]() -> tl::expected<Configuration, std::string> {
                                  if (auto reopened = (*log)->reopen(); !reopened)
                                      (*log)->error("the log goes on where it was: " + reopened.error());
                                  auto fresh = Configuration::load(command.configuration);
                                  if (fresh) (*log)->set_level(fresh->settings.log_level);
                                  return fresh;
                              }}};
        daemon.run();
    } catch (const boost::system::system_error& failure) {  // Asio's only way to say so
        (*log)->error(std::string{"no event loop: "} + failure.code().message() +
                      "; raise the limits of this process on descriptors and memory");
        return static_cast<int>(ExitCode::Failed);
    }
    return static_cast<int>(ExitCode::Fine);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && argv[1][0] != '-') return roudi::hand_over_to_roudictl(argv);
    const auto parsed = CommandLine::parse(argc, argv);
    if (const int* code = std::get_if<int>(&parsed)) return *code;
    const auto& command = std::get<CommandLine>(parsed);

    auto configuration = Configuration::load(command.configuration);
    if (!configuration) return complain(configuration.error(), ExitCode::Usage);
    switch (command.action) {
        case CommandLine::Action::CheckConfiguration:
            std::cout << "the configuration is fine; files that were read: " << configuration->files.size()
                      << '\n';
            for (const std::string& file : configuration->files) std::cout << file << '\n';
            return 0;
        case CommandLine::Action::PrintConfiguration:
            std::cout << configuration->text();
            return 0;
        case CommandLine::Action::Run:
            break;
    }
    return run(command, std::move(*configuration));
}
