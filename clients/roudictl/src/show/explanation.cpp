// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"

#include <array>
#include <cctype>

namespace roudictl {
namespace {

constexpr std::array actions{"open", "send", "receive", "observe"};

void add_action_columns(Table& table) {
    for (const std::string action : actions) {
        std::string heading;
        for (const char letter : action)
            heading += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
        table.add_column(heading);
    }
}

// "yes (created it)".
void add_verdicts(std::vector<Cell>& row, const Json& may) {
    for (const auto* action : actions) {
        const auto& verdict = object_of(may, action);
        const auto allowed = text_of(verdict, "allowed");
        row.emplace_back(allowed + " (" + text_of(verdict, "why") + ")",
                         allowed == "yes" ? Tone::Plain : Tone::Warning);
    }
}

std::string words(const Json& list) {
    std::string text;
    for (const auto& word : list) text.append(text.empty() ? "" : ", ").append(shown(word));
    return text.empty() ? "-" : text;
}

std::string whom(const Json& rule) {
    const auto& users = list_of(rule, "users");
    const auto& groups = list_of(rule, "groups");
    if (users.empty() && groups.empty()) return "everybody";
    if (groups.empty()) return words(users);
    std::string text = users.empty() ? "" : words(users).append(", ");
    return text.append("groups ").append(words(groups));
}

std::string rules(const Json& subject, const Style& style) {
    const auto& list = list_of(subject, "rules");
    if (list.empty())
        return "No rule of the policy is about it: what the creator's user may, nobody else may.\n";
    Table table;
    for (const auto* heading : {"RULE", "SERVICES", "WHO", "ALLOWED", "DENIED"}) table.add_column(heading);
    for (const auto& rule : list)
        table.add_row({Cell{text_of(rule, "from"), Tone::Name}, text_of(rule, "services"), whom(rule),
                       words(list_of(rule, "allow")), words(list_of(rule, "deny"))});
    return table.render(style);
}

std::string holdings(const Json& subject, const Style& style) {
    Table table;
    table.add_column("HOLDS");
    for (const auto* heading : {"NOW", "QUOTA"}) table.add_column(heading, Align::Right);
    const auto& quota = object_of(subject, "quota");
    for (const auto& [resource, amount] : object_of(subject, "holds").items())
        table.add_row({Cell{resource, Tone::Name}, shown(amount), text_of(quota, resource.c_str())});
    return table.render(style);
}

std::string sessions(const Json& subject, const Style& style) {
    Table table;
    table.add_column("SESSION", Align::Right);
    table.add_column("NODE");
    for (const auto* heading : {"PORTS", "CONNECTIONS", "SEGMENT BYTES", "DESCRIPTORS"})
        table.add_column(heading, Align::Right);
    for (const auto& session : list_of(subject, "sessions")) {
        const auto& holds = object_of(session, "holds");
        table.add_row({text_of(session, "pid"), Cell{text_of(session, "node"), Tone::Name},
                       text_of(holds, "ports"), text_of(holds, "connections"),
                       text_of(holds, "segment_bytes"), text_of(holds, "descriptors")});
    }
    return table.empty() ? "" : table.render(style).append("\n");
}

std::string show_users(const Json& subject, const Style& style) {
    Table table;
    table.add_column("USER");
    table.add_column("PORTS", Align::Right);
    add_action_columns(table);
    for (const auto& user : list_of(subject, "users")) {
        std::vector<Cell> row{Cell{text_of(user, "user") + " (" + text_of(user, "uid") + ")", Tone::Name},
                              text_of(user, "ports")};
        add_verdicts(row, object_of(user, "may"));
        table.add_row(std::move(row));
    }
    return table.render(style);
}

std::string show_permissions(const Json& subject, const Style& style) {
    Table table;
    table.add_column("SERVICE");
    add_action_columns(table);
    for (const auto& service : list_of(subject, "services")) {
        std::vector<Cell> row{Cell{text_of(service, "name"), Tone::Name}};
        add_verdicts(row, object_of(service, "may"));
        table.add_row(std::move(row));
    }
    return table.empty() ? "No services.\n" : table.render(style);
}

std::string show_one(const Json& subject, const Style& style) {
    const auto kind = text_of(subject, "kind");
    const auto name = Cell{text_of(subject, "name"), Tone::Name};
    if (kind == "service") {
        const auto& creator = object_of(subject, "creator");
        auto text = render_pairs({{"Service", name},
                                  {"Created by", text_of(creator, "user") + " (" + text_of(creator, "uid") +
                                                     "), process " + text_of(creator, "pid")}},
                                 style);
        return text.append("\n")
            .append(show_users(subject, style))
            .append("\n")
            .append(rules(subject, style));
    }
    const bool user = kind == "user";
    auto text =
        user ? render_pairs({{"User", name}, {"Number", text_of(subject, "uid")}}, style)
             : render_pairs({{"Node", name},
                             {"Process", text_of(subject, "pid")},
                             {"User", text_of(subject, "user") + " (" + text_of(subject, "uid") + ")"}},
                            style);
    text.append("\n").append(holdings(subject, style)).append("\n");
    if (user) text += sessions(subject, style);
    return text.append(show_permissions(subject, style)).append("\n").append(rules(subject, style));
}

}  // namespace

std::string show_explanation(const Json& answer, const Style& style) {
    std::string text;
    for (const auto& subject : list_of(answer, "explain")) {
        if (!text.empty()) text += "\n";
        text += show_one(subject, style);
    }
    return text;
}

}  // namespace roudictl
