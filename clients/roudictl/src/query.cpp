// SPDX-License-Identifier: Apache-2.0
#include "query.hpp"

#include "exit_code.hpp"
#include "nearest.hpp"
#include "show/show.hpp"
#include "subject.hpp"
#include "text.hpp"

#include <utility>
#include <vector>

namespace roudictl {
namespace {

struct Question {
    const char* what;
    std::string (*show)(const Json&, const Style&);
    const char* list;  // the member that lists the things asked for
};

Question question(Verb verb) {
    switch (verb) {
        case Verb::Services:
            return {"services", show_services, "services"};
        case Verb::Service:
            return {"service", show_service, "services"};
        case Verb::Nodes:
            return {"nodes", show_nodes, "nodes"};
        case Verb::Node:
            return {"node", show_node, "nodes"};
        case Verb::Ports:
            return {"ports", show_ports, "ports"};
        case Verb::Config:
            return {"config", show_config, "config"};
        case Verb::Explain:
            return {"explain", show_explanation, "explain"};
        case Verb::Status:
        case Verb::Doctor:
        case Verb::Notify:
        case Verb::Listen:
            break;
    }
    return {"status", show_status, "broker"};
}

std::vector<std::string> names_of(const Json& answer, const char* list) {
    std::vector<std::string> names;
    for (const auto& item : list_of(answer, list)) {
        if (auto name = text_of(item, "name"); !name.empty()) names.push_back(std::move(name));
    }
    return names;
}

tl::expected<Json, Unanswered> ask(Broker& broker, const std::string& what, const std::string& argument) {
    const auto text = broker.ask(what, argument);
    if (!text) return tl::unexpected{text.error()};
    auto answer = Json::parse(*text, nullptr, false);
    if (answer.is_discarded()) {
        return tl::unexpected{
            Unanswered{Unanswered::Kind::Refused,
                       "the broker's answer to '" + what +
                           "' is not JSON; its version and that of roudictl do not go together "
                           "(roudictl doctor tells both)"}};
    }
    return answer;
}

Unanswered not_found(Broker& broker, const CommandLine& command) {
    const bool service = command.verb == Verb::Service;
    const std::string list = service ? "services" : "nodes";
    auto message =
        std::string{"no "} + (service ? "service" : "node") + " '" + printable(command.argument) + "'";
    if (const auto known = ask(broker, list, "")) {
        if (const auto meant = nearest(command.argument, names_of(*known, list.c_str()))) {
            message.append("; did you mean '").append(printable(*meant)).append("'?");
        }
    }
    return {Unanswered::Kind::NotFound,
            message + (message.back() == '?' ? "" : ".") + " All there are: roudictl " + list};
}

}  // namespace

tl::expected<Json, Unanswered> query(Broker& broker, const CommandLine& command) {
    const auto asked = question(command.verb);
    auto answer =
        ask(broker, asked.what, command.verb == Verb::Explain ? subject(command.argument) : command.argument);
    const bool of_one = command.verb == Verb::Service || command.verb == Verb::Node;
    if (!of_one) return answer;
    const bool none =
        answer ? list_of(*answer, asked.list).empty() : answer.error().kind == Unanswered::Kind::NotFound;
    if (none) return tl::unexpected{not_found(broker, command)};
    return answer;
}

std::string render(const Json& answer, const CommandLine& command, const Style& style) {
    const auto asked = question(command.verb);
    if (command.names) {
        std::string text;
        for (const auto& name : names_of(answer, asked.list)) text += printable(name) + "\n";
        return text;
    }
    if (command.schema) return show_schemas(answer, style);
    if (!command.json) return asked.show(answer, style);
    // Followed, an answer is a line, so that a program can read line by line.
    const int indent = command.watch_seconds ? -1 : 2;
    return answer.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

int exit_code_for(const Unanswered& problem) {
    return problem.kind == Unanswered::Kind::NoBroker ? exit_no_broker : exit_not_found;
}

}  // namespace roudictl
