// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"
#include "units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace roudictl {
namespace {

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return text;
}

void add_new(std::vector<std::string>& list, const std::string& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::vector<std::string> kinds(const Json& ports) {
    std::vector<std::string> found;
    for (const auto& port : ports) add_new(found, text_of(port, "kind"));
    std::sort(found.begin(), found.end());
    return found;
}

constexpr std::array usual_order{"active", "sent",    "notified", "delivered", "received", "special",
                                 "lost",   "dropped", "ended",    "missed",    "history",  "blocked",
                                 "woken",  "late",    "loaned",   "borrowed",  "bytes",    "cut"};

// Counters describe themselves by their names, so a kind of port that is new to us has its table too. What
// hardly ever happens has a column only where it did.
std::vector<std::string> counter_names(const std::vector<const Json*>& ports) {
    std::vector<std::string> present;
    for (const auto* port : ports) {
        for (const auto& [name, value] : object_of(*port, "counters").items()) {
            const bool follows_from_others = name == "returned";  // received, less what is still held
            if (!follows_from_others && (name != "cut" || value != 0)) add_new(present, name);
        }
    }
    const auto rank = [](const std::string& name) {
        return std::find(usual_order.begin(), usual_order.end(), name) - usual_order.begin();
    };
    std::stable_sort(present.begin(), present.end(), [&](const std::string& left, const std::string& right) {
        return rank(left) < rank(right);
    });
    return present;
}

Cell counter(const Json& port, const std::string& name) {
    const auto& counters = object_of(port, "counters");
    const auto value = number_of(counters, name.c_str());
    if (name == "bytes") return bytes_for_people(value);
    const bool worth_a_look =
        (name == "lost" || name == "dropped" || name == "missed" || name == "late") && value > 0;
    const bool bad = name == "cut" && value > 0;
    return {text_of(counters, name.c_str()), bad ? Tone::Bad : worth_a_look ? Tone::Warning : Tone::Plain};
}

Cell connections(const Json& port) {
    return std::to_string(list_of(port, "connections").size());
}

// What waits in the fullest of its connections, and how much fits there: events have no such limit.
Cell queued(const Json& port) {
    std::uint64_t most = 0;
    std::uint64_t capacity = 0;
    const auto& all = list_of(port, "connections");
    for (const auto& connection : all) {
        most = std::max(most, number_of(connection, "queue_depth"));
        capacity = std::max(capacity, number_of(connection, "buffer_size"));
    }
    if (all.empty()) return {"-"};
    if (capacity == 0) return {std::to_string(most)};
    return {std::to_string(most) + "/" + std::to_string(capacity),
            most == capacity ? Tone::Warning : Tone::Plain};
}

Table table_of(const std::string& kind, const std::vector<const Json*>& ports) {
    const bool named = std::any_of(ports.begin(), ports.end(), [](const Json* port) {
        const auto name = text_of(*port, "name");
        return !name.empty() && name != "-";
    });
    const auto counters = counter_names(ports);

    Table table;
    table.add_column(upper(kind) + " OF");
    if (named) table.add_column("NAME");
    table.add_column("NODE");
    table.add_column("PID", Align::Right);
    for (const auto& name : counters) table.add_column(upper(name), Align::Right);
    for (const auto* heading : {"CONNECTIONS", "QUEUED"}) table.add_column(heading, Align::Right);
    for (const auto* port : ports) {
        std::vector<Cell> cells{Cell{text_of(*port, "service"), Tone::Name}};
        if (named) cells.emplace_back(text_of(*port, "name"));
        cells.emplace_back(text_of(*port, "node_name"));
        cells.emplace_back(text_of(*port, "pid"));
        for (const auto& name : counters) cells.push_back(counter(*port, name));
        cells.push_back(connections(*port));
        cells.push_back(queued(*port));
        table.add_row(std::move(cells));
    }
    return table;
}

}  // namespace

std::string show_port_list(const Json& ports, const Style& style) {
    std::string text;
    for (const auto& kind : kinds(ports)) {
        std::vector<const Json*> of_kind;
        for (const auto& port : ports) {
            if (text_of(port, "kind") == kind) of_kind.push_back(&port);
        }
        if (!text.empty()) text += "\n";
        text += table_of(kind, of_kind).render(style);
    }
    return text;
}

std::string show_ports(const Json& answer, const Style& style) {
    const auto& ports = list_of(answer, "ports");
    return ports.empty() ? "No ports.\n" : show_port_list(ports, style);
}

}  // namespace roudictl
