// SPDX-License-Identifier: Apache-2.0
#include "program/command_line.hpp"

#include "broker/version.hpp"
#include "daemon/failure.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

namespace roudi {

namespace {

constexpr const char* footer = R"(
Without --system or --user: --system for root, --user for everybody else.
Any other word is a question for roudictl: "roudi status" is "roudictl status".

Signals: SIGTERM and SIGINT end the broker, SIGHUP makes it read its configuration again.
Environment: ROUDI_SOCKET, ROUDI_LOG_LEVEL, ROUDI_LOG_SINK, ROUDI_IDLE_EXIT_SECONDS, ROUDI_READY_FD;
from a service manager LISTEN_FDS, NOTIFY_SOCKET and WATCHDOG_USEC.

Exit codes: 0 ended as it was told to, 1 the system refused something,
2 wrong command line or configuration, 3 another broker listens at this socket.

Examples:
  roudi --user                        a broker for me, in the foreground
  roudi --socket /tmp/my/roudi.sock   a world of its own
  roudi --print-config                what holds, and where it was said)";

std::optional<int> ready_descriptor_of_environment() {
    const char* text = std::getenv("ROUDI_READY_FD");
    if (text == nullptr) return std::nullopt;
    int number = -1;
    return CLI::detail::lexical_cast(std::string{text}, number) ? std::optional{number} : std::nullopt;
}

}  // namespace

std::variant<CommandLine, int> CommandLine::parse(int argc, char** argv) {
    CommandLine result;
    CLI::App app{"The broker: knows every service, node and port of its world, and hands out their memory.",
                 "roudi"};
    app.footer(footer);
    app.set_version_flag("--version", std::string{"roudi "} + version, "Print the version and exit");
    bool system = false;
    bool user = false;
    bool check = false;
    bool print = false;
    std::string file;
    std::string socket;
    std::string level;
    std::string sink;
    std::uint64_t idle = 0;
    int ready = -1;
    auto* system_flag = app.add_flag("--system", system, "Serve everybody, at /run/roudi/roudi.sock");
    app.add_flag("--user", user, "Serve this user, at $XDG_RUNTIME_DIR/roudi/roudi.sock")
        ->excludes(system_flag);
    auto* socket_option = app.add_option("--socket", socket, "Path of the socket to listen at");
    auto* file_option = app.add_option("--config", file, "Configuration file, instead of the usual one");
    app.add_flag("--check-config", check, "Say whether the configuration is fine, and exit");
    app.add_flag("--print-config", print, "Print what holds and where it was said, and exit");
    auto* idle_option = app.add_option("--idle-exit", idle, "End after so many seconds without a client");
    auto* level_option = app.add_option("--log-level", level, "debug, info, warning, error or off");
    auto* sink_option = app.add_option("--log-sink", sink, "auto, stderr, journal, syslog or file:PATH");
    auto* ready_option =
        app.add_option("--ready-fd", ready, "Write one byte to this descriptor once clients are accepted");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::Usage);
    }

    result.action = check ? Action::CheckConfiguration : print ? Action::PrintConfiguration : Action::Run;
    result.configuration.scope = system || (!user && ::geteuid() == 0) ? Scope::System : Scope::User;
    if (*file_option) result.configuration.file = file;
    auto& assignments = result.configuration.command_line;
    const std::string from = "command line ";
    if (*socket_option) assignments.push_back({"socket", socket, from + "--socket"});
    if (*idle_option) assignments.push_back({"idle_exit_seconds", idle, from + "--idle-exit"});
    if (*level_option) assignments.push_back({"log.level", level, from + "--log-level"});
    if (*sink_option) assignments.push_back({"log.sink", sink, from + "--log-sink"});
    result.ready_descriptor = *ready_option ? std::optional{ready} : ready_descriptor_of_environment();
    return result;
}

}  // namespace roudi
