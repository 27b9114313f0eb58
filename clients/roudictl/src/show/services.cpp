// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"
#include "units.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace roudictl {
namespace {

std::string type(const Json& detail) {
    if (!detail.is_object()) return "-";
    auto text = text_of(detail, "name") + ", " + bytes_for_people(number_of(detail, "size")) +
                ", alignment " + text_of(detail, "alignment");
    if (text_of(detail, "variant") != "fixed_size") text += ", " + text_of(detail, "variant");
    return text;
}

std::string creator(const Json& service) {
    const auto& by = object_of(service, "creator");
    return text_of(by, "node") + " (pid " + text_of(by, "pid") + ", uid " + text_of(by, "uid") + ")";
}

// subscriber_max_buffer_size → "subscriber max buffer size"
std::string setting_name(std::string key) {
    std::replace(key.begin(), key.end(), '_', ' ');
    return key;
}

std::string show_settings(const Json& settings, const Style& style) {
    std::vector<std::pair<std::string, Cell>> pairs;
    for (const auto& [key, value] : settings.items()) {
        if (value.is_primitive() && !value.is_null())
            pairs.emplace_back(std::string{"  "}.append(setting_name(key)), shown(value));
    }
    return render_pairs(pairs, style);
}

std::string show_open_nodes(const Json& nodes, const Style& style) {
    Table table;
    table.add_column("NODE");
    table.add_column("PID", Align::Right);
    table.add_column("ID");
    for (const auto& node : nodes) {
        table.add_row({Cell{text_of(node, "name"), Tone::Name}, text_of(node, "pid"),
                       Cell{text_of(node, "id"), Tone::Faint}});
    }
    return table.render(style);
}

std::string show_one(const Json& service, const Style& style) {
    const auto& user_header = object_of(service, "user_header");
    const bool has_header = text_of(user_header, "name") != "-" && !text_of(user_header, "name").empty();
    auto text = render_pairs({{"Service", Cell{text_of(service, "name"), Tone::Name}},
                              {"Pattern", text_of(service, "pattern")},
                              {"Hash", Cell{text_of(service, "hash"), Tone::Faint}},
                              {"Payload", type(object_of(service, "payload"))},
                              {"User header", has_header ? type(user_header) : "none"},
                              {"Created by", creator(service)}},
                             style);
    text +=
        style.paint(Tone::Heading, "Settings") + "\n" + show_settings(object_of(service, "settings"), style);
    text.append("\n").append(show_open_nodes(list_of(service, "nodes"), style));
    if (const auto& ports = list_of(service, "ports"); !ports.empty()) {
        text.append("\n").append(show_port_list(ports, style));
    }
    return text;
}

}  // namespace

std::string show_services(const Json& answer, const Style& style) {
    const auto& services = list_of(answer, "services");
    if (services.empty()) return "No services. A service lives as long as a node has it open.\n";
    Table table;
    for (const auto* heading : {"SERVICE", "PATTERN", "PAYLOAD"}) table.add_column(heading);
    for (const auto* heading : {"SIZE", "PUBLISHERS", "SUBSCRIBERS", "NODES"}) {
        table.add_column(heading, Align::Right);
    }
    for (const auto& service : services) {
        const auto& payload = object_of(service, "payload");
        table.add_row({Cell{text_of(service, "name"), Tone::Name}, text_of(service, "pattern"),
                       text_of(payload, "name"), bytes_for_people(number_of(payload, "size")),
                       text_of(service, "publishers"), text_of(service, "subscribers"),
                       text_of(service, "nodes")});
    }
    return table.render(style);
}

std::string show_service(const Json& answer, const Style& style) {
    std::string text;
    for (const auto& service : list_of(answer, "services")) {
        if (!text.empty()) text += "\n";
        text += show_one(service, style);
    }
    return text;
}

}  // namespace roudictl
