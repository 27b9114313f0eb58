// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include "exit_code.hpp"
#include "nearest.hpp"
#include "text.hpp"

#include <ipc/version.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>
#include <vector>

namespace roudictl {
namespace {

struct Command {
    Verb verb;
    const char* name;
    const char* description;
    const char* argument;     // heading of the one argument; empty for none
    const char* explanation;  // of the argument
};

constexpr std::array commands{
    Command{Verb::Status, "status", "The broker: who it is, what its users hold, what went wrong", "", ""},
    Command{Verb::Services, "services", "All services", "", ""},
    Command{Verb::Service, "service", "One service: its settings, nodes and ports", "NAME",
            "Name of the service"},
    Command{Verb::Nodes, "nodes", "All nodes", "", ""},
    Command{Verb::Node, "node", "A node: what it has open, and its ports", "ID|NAME|PID",
            "Id, name or process of the node"},
    Command{Verb::Ports, "ports", "All ports, with their counters and queues", "", ""},
    Command{Verb::Config, "config", "The broker's configuration, and where each value came from", "", ""},
    Command{Verb::Explain, "explain", "Who may do what, which rule says so, and who holds how much",
            "USER|NODE|SERVICE", "Name or number of a user, a node, or a service"},
    Command{Verb::Doctor, "doctor", "Checks limits, permissions, versions and which brokers are alive", "",
            ""},
    Command{Verb::Notify, "notify", "Notifies the listeners of an event service", "NAME",
            "Name of the service"},
    Command{Verb::Listen, "listen", "Prints what happens in an event service", "NAME", "Name of the service"},
};

// What the broker answers; the others do something of their own.
constexpr bool is_question(Verb verb) {
    return verb != Verb::Doctor && verb != Verb::Notify && verb != Verb::Listen;
}

constexpr auto examples = R"(Examples:
  roudictl status                         is a broker there, and how is it?
  roudictl services                       what is on offer
  roudictl service My/Funk/ServiceName    who sends, who receives, who is late
  roudictl ports --watch 2                follow the counters, every two seconds
  roudictl nodes --json | jq .nodes       for scripts
  roudictl --domain lab services          another broker
  roudictl listen My/Events               what happens there?
  roudictl notify My/Events --id 12       say that it happened
  roudictl explain My/Funk/ServiceName    who may do what there, and why
  roudictl doctor                         why does it not work?

Exit codes: 0 fine, 1 not found (doctor: something has to be done), 2 usage, 3 no broker.)";

class Parser {
 public:
    Parser() : app_{"Asks the broker (roudi) what is going on.", "roudictl"} {
        app_.footer(examples);
        app_.set_version_flag("--version", std::string{"roudictl "} + ipc::version());
        app_.require_subcommand(1);
        add_broker_choice(app_);
        for (const auto& command : commands) add(command);
    }

    tl::expected<CommandLine, int> parse(int argc, const char* const* argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return tl::unexpected{end(error, argc, argv)};
        }
        if (!result_.broker.socket.empty() && !result_.broker.domain.empty()) {
            return tl::unexpected{complain("--socket and --domain name two brokers", "Give one of them")};
        }
        if (watch_ != nullptr && watch_->count() > 0) result_.watch_seconds = watch_seconds_;
        return result_;
    }

 private:
    // Before and after the verb, as people type it.
    void add_broker_choice(CLI::App& app) {
        app.add_option("--socket", result_.broker.socket, "Ask the broker on this socket")->type_name("PATH");
        app.add_option("--domain", result_.broker.domain, "Ask the broker of this domain")->type_name("NAME");
    }

    void add(const Command& command) {
        auto* sub = app_.add_subcommand(command.name, command.description);
        sub->callback([this, sub, verb = command.verb] {
            result_.verb = verb;
            watch_ = sub->get_option_no_throw("--watch");
        });
        if (*command.argument != '\0') {
            // Its name, for that is what the usage shows.
            sub->add_option(command.argument, result_.argument, command.explanation)
                ->required()
                ->type_name("");
        }
        add_broker_choice(*sub);
        if (command.verb == Verb::Notify || command.verb == Verb::Listen)
            add_event_options(*sub, command.verb);
        if (command.verb != Verb::Notify) {
            sub->add_flag("--json", result_.json,
                          command.verb == Verb::Listen ? "For programs: a JSON object a line"
                                                       : "For programs: the broker's answer as it is");
        }
        if (command.verb == Verb::Service) {
            sub->add_flag("--schema", result_.schema, "Only how its types are described")->excludes("--json");
        }
        if (command.verb == Verb::Services || command.verb == Verb::Nodes) {
            sub->add_flag("--names", result_.names, "Only the names, one a line");
        }
        if (is_question(command.verb)) {
            sub->add_option("--watch", watch_seconds_,
                            "Again whenever something changed; looks every second, or as told")
                ->type_name("SECONDS")
                ->expected(0, 1)
                ->check(CLI::Range(0.05, 86400.0).description(""));
        }
    }

    void add_event_options(CLI::App& sub, Verb verb) {
        sub.add_option("--count", result_.count,
                       verb == Verb::Notify ? "How often; 0 is until it is stopped. Once if not given"
                                            : "Ends after so many notifications")
            ->type_name("NUMBER");
        if (verb != Verb::Notify) return;
        sub.add_option("--id", result_.event_id, "The event; 0 if not given")->type_name("NUMBER");
        sub.add_option("--interval", result_.interval_seconds, "Between two notifications; 1 if not given")
            ->type_name("SECONDS")
            ->check(CLI::Range(0.0, 86400.0).description(""));
    }

    int complain(const std::string& message, const std::string& advice) const {
        std::cerr << "roudictl: " << message << "\n" << advice << '\n';
        return exit_usage;
    }

    int end(const CLI::ParseError& error, int argc, const char* const* argv) const {
        if (error.get_exit_code() == 0) return app_.exit(error, std::cout, std::cerr);
        const std::string first = argc > 1 ? argv[1] : "";
        std::vector<std::string> names;
        for (const auto& command : commands) names.emplace_back(command.name);
        const bool known = std::find(names.begin(), names.end(), first) != names.end();
        if (known) return complain(error.what(), "See: roudictl " + first + " --help");
        if (first.empty() || first.front() == '-') return complain(error.what(), "See: roudictl --help");
        const auto meant = nearest(first, names);
        return complain("there is no command '" + printable(first) + "'",
                        meant ? "Did you mean: roudictl " + *meant : "See: roudictl --help");
    }

    CLI::App app_;
    CommandLine result_;
    double watch_seconds_ = 1;
    CLI::Option* watch_ = nullptr;
};

}  // namespace

tl::expected<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
    return Parser{}.parse(argc, argv);
}

}  // namespace roudictl
