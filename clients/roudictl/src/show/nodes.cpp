// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"
#include "units.hpp"

namespace roudictl {
namespace {

// Whether senders may leave their fence out towards this node, and the node towards others.
Cell membarrier(const Json& node) {
    const auto& state = object_of(node, "membarrier");
    const bool registered = text_of(state, "registered") == "yes";
    const bool available = text_of(state, "available") == "yes";
    if (registered && available) return {"yes"};
    if (!registered && !available) return {"no", Tone::Warning};
    return {registered ? "registered only" : "callable only", Tone::Warning};
}

Cell user(const Json& node) {
    return text_of(node, "user") + " (" + text_of(node, "uid") + ")";
}

// Beside its name, where there is something to say.
std::string state(const Json& node) {
    if (text_of(node, "hung") != "yes") return "";
    return " (hung for " + duration_for_people(number_of(node, "hung_for_s")) + ")";
}

Cell name(const Json& node) {
    const auto how = state(node);
    return {text_of(node, "name") + how, how.empty() ? Tone::Name : Tone::Bad};
}

std::string show_one(const Json& node, const Style& style) {
    auto text = render_pairs({{"Node", name(node)},
                              {"Id", Cell{text_of(node, "id"), Tone::Faint}},
                              {"Process", text_of(node, "pid")},
                              {"User", user(node)},
                              {"Library", text_of(node, "library_version")},
                              {"Membarrier", membarrier(node)}},
                             style);
    Table services;
    services.add_column("OPEN SERVICES");
    for (const auto& name : list_of(node, "open_services")) services.add_row({Cell{shown(name), Tone::Name}});
    if (!services.empty()) text.append("\n").append(services.render(style));
    if (const auto& ports = list_of(node, "port_list"); !ports.empty()) {
        text.append("\n").append(show_port_list(ports, style));
    }
    return text;
}

}  // namespace

std::string show_nodes(const Json& answer, const Style& style) {
    const auto& nodes = list_of(answer, "nodes");
    if (nodes.empty()) return "No nodes. A node is there as long as its process has it.\n";
    Table table;
    table.add_column("NODE");
    table.add_column("PID", Align::Right);
    for (const auto* heading : {"USER", "LIBRARY"}) table.add_column(heading);
    for (const auto* heading : {"SERVICES", "PORTS"}) table.add_column(heading, Align::Right);
    for (const auto* heading : {"MEMBARRIER", "ID"}) table.add_column(heading);
    for (const auto& node : nodes) {
        table.add_row({name(node), text_of(node, "pid"), user(node), text_of(node, "library_version"),
                       text_of(node, "services"), text_of(node, "ports"), membarrier(node),
                       Cell{text_of(node, "id"), Tone::Faint}});
    }
    return table.render(style);
}

std::string show_node(const Json& answer, const Style& style) {
    std::string text;
    for (const auto& node : list_of(answer, "nodes")) {
        if (!text.empty()) text += "\n";
        text += show_one(node, style);
    }
    return text;
}

}  // namespace roudictl
