// SPDX-License-Identifier: Apache-2.0
#include "broker.hpp"
#include "command_line.hpp"
#include "doctor/doctor.hpp"
#include "events.hpp"
#include "exit_code.hpp"
#include "query.hpp"
#include "watch.hpp"

#include <signal.h>
#include <unistd.h>

#include <iostream>

namespace {

using namespace roudictl;

int complain(const Unanswered& problem) {
    std::cerr << "roudictl: " << problem.message << '\n';
    return exit_code_for(problem);
}

// Ctrl-C ends a watch between two answers, not in the middle of one.
void block_ending_signals() {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, nullptr);
}

int follow(Broker& broker, const CommandLine& command, const Style& style) {
    block_ending_signals();
    const auto outcome = watch(broker, command, style, isatty(STDOUT_FILENO) == 1, std::cout);
    return outcome ? exit_fine : complain(outcome.error());
}

int show_once(Broker& broker, const CommandLine& command, const Style& style) {
    const auto answer = query(broker, command);
    if (!answer) return complain(answer.error());
    std::cout << render(*answer, command, style);
    return exit_fine;
}

int take_part(const CommandLine& command) {
    const auto outcome =
        command.verb == Verb::Notify ? notify(command, std::cout) : listen(command, std::cout);
    return outcome ? exit_fine : complain(outcome.error());
}

int run(const CommandLine& command) {
    const auto style = Style::for_descriptor(STDOUT_FILENO);
    if (command.verb == Verb::Notify || command.verb == Verb::Listen) return take_part(command);
    if (command.verb == Verb::Doctor) {
        const auto findings = examine(command.broker);
        std::cout << (command.json ? findings_as_json(findings) : show_findings(findings, style));
        return exit_code_for(findings);
    }
    const auto broker = reach_broker(command.broker);
    if (!broker) return complain(broker.error());
    return command.watch_seconds ? follow(**broker, command, style) : show_once(**broker, command, style);
}

}  // namespace

int main(int argc, char** argv) {
    const auto command = roudictl::parse_command_line(argc, argv);
    if (!command) return command.error();
    const int code = run(*command);
    if (!std::cout.flush()) {
        std::cerr << "roudictl: the output could not be written\n";
        return roudictl::exit_not_found;
    }
    return code;
}
