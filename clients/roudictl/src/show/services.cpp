// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"
#include "text.hpp"
#include "units.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
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

// A header's type is null, or without a name, where there is none.
std::string header(const Json& detail) {
    const auto name = text_of(detail, "name");
    return name == "-" || name.empty() ? "none" : type(detail);
}

// Its text is long: --schema shows it.
std::string schema(const Json& settings, const char* member) {
    const auto& described = object_of(settings, member);
    if (described.empty()) return "none";
    return text_of(described, "format") + ", " + bytes_for_people(text_of(described, "text").size());
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

// deadline_ns: 7000000 → "deadline  7 ms"
std::pair<std::string, Cell> setting(std::string key, const Json& value) {
    constexpr std::string_view nanoseconds = "_ns";
    std::string text = value.is_null() ? "none" : shown(value);
    if (key.ends_with(nanoseconds)) {
        key.erase(key.size() - nanoseconds.size());
        if (value.is_number_unsigned()) text = nanoseconds_for_people(value.get<std::uint64_t>());
    }
    return {"  " + setting_name(std::move(key)), text};
}

std::string show_settings(const Json& settings, const Style& style) {
    std::vector<std::pair<std::string, Cell>> pairs;
    for (const auto& [key, value] : settings.items()) {
        // Types, and headers and schemas that there are none of, are shown above.
        if (value.is_primitive() && !key.ends_with("header") && !key.ends_with("schema"))
            pairs.push_back(setting(key, value));
    }
    return render_pairs(pairs, style);
}

std::string show_attributes(const Json& attributes, const Style& style) {
    std::vector<std::pair<std::string, Cell>> pairs;
    for (const auto& attribute : attributes)
        pairs.emplace_back("  " + printable(text_of(attribute, "key")), text_of(attribute, "value"));
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
    const auto& settings = object_of(service, "settings");
    std::vector<std::pair<std::string, Cell>> pairs{{"Service", Cell{text_of(service, "name"), Tone::Name}},
                                                    {"Pattern", text_of(service, "pattern")},
                                                    {"Hash", Cell{text_of(service, "hash"), Tone::Faint}}};
    if (service.is_object() && service.contains("payload")) {
        pairs.emplace_back("Payload", type(object_of(service, "payload")));
        pairs.emplace_back("User header", header(object_of(service, "user_header")));
        pairs.emplace_back("Schema", schema(settings, "payload_schema"));
    }
    if (service.is_object() && service.contains("request")) {
        pairs.emplace_back("Request", type(object_of(service, "request")));
        pairs.emplace_back("Request header", header(object_of(settings, "request_header")));
        pairs.emplace_back("Request schema", schema(settings, "request_schema"));
        pairs.emplace_back("Response", type(object_of(service, "response")));
        pairs.emplace_back("Response header", header(object_of(settings, "response_header")));
        pairs.emplace_back("Response schema", schema(settings, "response_schema"));
        pairs.emplace_back("Active requests", text_of(service, "active_requests"));
    }
    if (number_of(service, "kept_histories") != 0)
        pairs.emplace_back("Left here by", text_of(service, "kept_histories") + " publishers that are gone");
    pairs.emplace_back("Created by", creator(service));
    auto text = render_pairs(pairs, style);
    text += style.paint(Tone::Heading, "Settings") + "\n" + show_settings(settings, style);
    if (const auto& attributes = list_of(service, "attributes"); !attributes.empty())
        text += style.paint(Tone::Heading, "Attributes") + "\n" + show_attributes(attributes, style);
    text.append("\n").append(show_open_nodes(list_of(service, "nodes"), style));
    if (const auto& ports = list_of(service, "ports"); !ports.empty()) {
        text.append("\n").append(show_port_list(ports, style));
    }
    return text;
}

struct Column {
    const char* heading;
    Align align;
    std::string (*text)(const Json& service);
};
// Of the pattern that the service is of: each has columns of its own.
std::vector<Column> columns_of(const std::string& pattern) {
    std::vector<Column> columns{
        {"PATTERN", Align::Left, [](const Json& s) { return text_of(s, "pattern"); }}};
    if (pattern == "publish_subscribe") {
        columns.push_back(
            {"PAYLOAD", Align::Left, [](const Json& s) { return text_of(object_of(s, "payload"), "name"); }});
        columns.push_back({"SIZE", Align::Right, [](const Json& s) {
                               return bytes_for_people(number_of(object_of(s, "payload"), "size"));
                           }});
        columns.push_back(
            {"PUBLISHERS", Align::Right, [](const Json& s) { return text_of(s, "publishers"); }});
        columns.push_back(
            {"SUBSCRIBERS", Align::Right, [](const Json& s) { return text_of(s, "subscribers"); }});
    } else if (pattern == "event") {
        columns.push_back({"NOTIFIERS", Align::Right, [](const Json& s) { return text_of(s, "notifiers"); }});
        columns.push_back({"LISTENERS", Align::Right, [](const Json& s) { return text_of(s, "listeners"); }});
    } else if (pattern == "request_response") {
        columns.push_back(
            {"REQUEST", Align::Left, [](const Json& s) { return text_of(object_of(s, "request"), "name"); }});
        columns.push_back({"RESPONSE", Align::Left,
                           [](const Json& s) { return text_of(object_of(s, "response"), "name"); }});
        columns.push_back({"CLIENTS", Align::Right, [](const Json& s) { return text_of(s, "clients"); }});
        columns.push_back({"SERVERS", Align::Right, [](const Json& s) { return text_of(s, "servers"); }});
    }
    columns.push_back({"NODES", Align::Right, [](const Json& s) { return text_of(s, "nodes"); }});
    return columns;
}

Table table_of(const std::string& pattern, const Json& services) {
    Table table;
    table.add_column("SERVICE");
    const auto columns = columns_of(pattern);
    for (const auto& column : columns) table.add_column(column.heading, column.align);
    for (const auto& service : services) {
        if (text_of(service, "pattern") != pattern) continue;
        std::vector<Cell> cells{Cell{text_of(service, "name"), Tone::Name}};
        for (const auto& column : columns) cells.emplace_back(column.text(service));
        table.add_row(std::move(cells));
    }
    return table;
}

}  // namespace

std::string show_services(const Json& answer, const Style& style) {
    const auto& services = list_of(answer, "services");
    if (services.empty()) return "No services. A service lives as long as a node has it open.\n";
    std::vector<std::string> patterns;
    for (const auto& service : services) {
        const auto pattern = text_of(service, "pattern");
        if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end())
            patterns.push_back(pattern);
    }
    std::sort(patterns.begin(), patterns.end());
    std::string text;
    for (const auto& pattern : patterns) {
        if (!text.empty()) text += "\n";
        text += table_of(pattern, services).render(style);
    }
    return text;
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
