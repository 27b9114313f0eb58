// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"
#include "units.hpp"

#include <utility>
#include <vector>

namespace roudictl {
namespace {

std::string protocol(const Json& broker) {
    const auto& range = object_of(broker, "protocol");
    const auto lowest = text_of(range, "lowest");
    const auto highest = text_of(range, "highest");
    return lowest == highest ? highest : lowest + " to " + highest;
}

std::string restarts(const Json& broker) {
    const auto count = number_of(broker, "restarts");
    if (count == 0) return "";
    return ", restarted " + (count == 1 ? std::string{"once"} : std::to_string(count) + " times");
}

Cell separation(const Json& broker) {
    if (text_of(broker, "separated") == "yes")
        return {"yes, broker and clients are different users", Tone::Good};
    const auto note = text_of(broker, "separation_note");
    return {note == "-" ? "no" : "no: " + note, Tone::Warning};
}

std::string show_broker(const Json& broker, const Style& style) {
    const auto uptime = duration_for_people(number_of(broker, "uptime_s"));
    return render_pairs(
        {{"Broker",
          Cell{"roudi " + text_of(broker, "version") + ", pid " + text_of(broker, "pid"), Tone::Name}},
         {"User", text_of(broker, "user") + " (uid " + text_of(broker, "uid") + ")"},
         {"Socket", text_of(broker, "embedded") == "yes" ? "none, embedded in an application"
                                                         : text_of(broker, "socket")},
         {"Running", uptime + ", since " + text_of(broker, "started_at") + restarts(broker)},
         {"Protocol", protocol(broker)},
         {"Separated", separation(broker)}},
        style);
}

struct Counted {
    const char* key;
    const char* heading;
};
constexpr Counted counted[] = {{"sessions", "SESSIONS"},       {"nodes", "NODES"},
                               {"services", "SERVICES"},       {"ports", "PORTS"},
                               {"connections", "CONNECTIONS"}, {"segment_bytes", "MEMORY"},
                               {"descriptors", "DESCRIPTORS"}};

// What each user holds, and the sum below. Memory is what segments may grow to, not what was touched.
std::string show_usage(const Json& answer, const Style& style) {
    Table table;
    table.add_column("USER");
    for (const auto& [key, heading] : counted) table.add_column(heading, Align::Right);
    const auto row = [](Cell name, const Json& usage) {
        std::vector<Cell> cells{std::move(name)};
        for (const auto& [key, heading] : counted) {
            const bool bytes = std::string_view{key} == "segment_bytes";
            cells.emplace_back(bytes ? bytes_for_people(number_of(usage, key)) : text_of(usage, key));
        }
        return cells;
    };
    for (const auto& user : list_of(answer, "users")) {
        table.add_row(row({text_of(user, "user"), Tone::Name}, user));
    }
    table.add_row(row({"total", Tone::Heading}, object_of(answer, "totals")));
    return table.render(style);
}

std::string show_hung(const Json& hung, const Style& style) {
    Table table;
    for (const auto* heading : {"HUNG FOR", "PID", "UID", "NODE", "ID"}) table.add_column(heading);
    for (const auto& node : hung) {
        table.add_row({Cell{duration_for_people(number_of(node, "for_s")), Tone::Bad}, text_of(node, "pid"),
                       text_of(node, "uid"), text_of(node, "node"), Cell{text_of(node, "id"), Tone::Faint}});
    }
    return "\nNodes that are there and take up nothing of what they are told:\n" + table.render(style);
}

std::string show_ended(const Json& ended, const Style& style) {
    Table table;
    for (const auto* heading : {"ENDED AT", "PID", "UID", "NODE", "REASON"}) table.add_column(heading);
    for (const auto& session : ended) {
        table.add_row({text_of(session, "at"), text_of(session, "pid"), text_of(session, "uid"),
                       text_of(session, "node"), Cell{text_of(session, "reason"), Tone::Bad}});
    }
    return "\nSessions that the broker ended:\n" + table.render(style);
}

std::string show_cut(const Json& cut, const Style& style) {
    Table table;
    for (const auto* heading : {"CUT AT", "BY PID", "PEER PID", "SERVICE", "DETAIL"})
        table.add_column(heading);
    for (const auto& connection : cut) {
        table.add_row({text_of(connection, "at"), text_of(connection, "by_pid"),
                       text_of(connection, "peer_pid"), text_of(connection, "service"),
                       Cell{text_of(connection, "detail"), Tone::Bad}});
    }
    return "\nConnections that a port cut, because its peer broke the protocol:\n" + table.render(style);
}

std::string show_readopted(const Json& readopted, const Json& not_readopted, const Style& style) {
    auto text = "\nTaken back from nodes that had this broker's predecessor: " + text_of(readopted, "nodes") +
                " nodes, " + text_of(readopted, "services") + " services, " + text_of(readopted, "ports") +
                " ports, " + text_of(readopted, "connections") + " connections; handed over " +
                text_of(readopted, "handed_over") + ", dropped " + text_of(readopted, "dropped") +
                ", waiting for their other half " + text_of(readopted, "waiting") + ".\n";
    if (not_readopted.empty()) return text;
    Table table;
    for (const auto* heading : {"REFUSED AT", "PID", "UID", "NODE", "WHAT", "REASON"})
        table.add_column(heading);
    for (const auto& claim : not_readopted) {
        table.add_row({text_of(claim, "at"), text_of(claim, "pid"), text_of(claim, "uid"),
                       text_of(claim, "node"), text_of(claim, "what"),
                       Cell{text_of(claim, "reason"), Tone::Bad}});
    }
    return text + "\nWhat was not taken back, and goes on without a broker:\n" + table.render(style);
}

}  // namespace

std::string show_status(const Json& answer, const Style& style) {
    auto text = show_broker(object_of(answer, "broker"), style) + "\n" + show_usage(answer, style);
    if (const auto& hung = list_of(answer, "hung"); !hung.empty()) text += show_hung(hung, style);
    if (const auto& ended = list_of(answer, "ended"); !ended.empty()) text += show_ended(ended, style);
    if (const auto& cut = list_of(answer, "cut"); !cut.empty()) text += show_cut(cut, style);
    const auto& readopted = object_of(answer, "readopted");
    if (number_of(object_of(answer, "broker"), "restarts") > 0)
        text += show_readopted(readopted, list_of(answer, "not_readopted"), style);
    return text;
}

}  // namespace roudictl
