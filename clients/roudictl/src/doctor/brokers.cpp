// SPDX-License-Identifier: Apache-2.0
#include "doctor/brokers.hpp"

#include "broker.hpp"
#include "doctor/knock.hpp"
#include "doctor/places.hpp"
#include "query.hpp"
#include "show/member.hpp"

#include <ipc/version.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace roudictl {
namespace {

struct Alive {
    Place place;
    Json status;
};

Finding absent(const Place& place) {
    switch (place.kind) {
        case Place::Kind::Asked:
            return {Verdict::Fail, place.name, place.path + ": nothing there",
                    "Start one: roudi --socket " + place.path};
        case Place::Kind::Environment:
            return {Verdict::Fail, place.name, place.path + ": nothing there",
                    "Unset ROUDI_SOCKET, or start a broker there: roudi --socket " + place.path};
        default:
            return {Verdict::Ok, place.name, place.path + ": nothing there", ""};
    }
}

Finding deserted(const Place& place) {
    const auto text = place.path + ": a socket that nobody listens on";
    if (place.kind == Place::Kind::System) {
        return {Verdict::Fail, place.name, text,
                "Nodes take no other broker while it is there: systemctl restart roudi.socket, or remove it"};
    }
    if (place.kind == Place::Kind::Environment || place.kind == Place::Kind::Asked) {
        return {Verdict::Fail, place.name, text,
                "A broker died here; the next one takes the socket over: roudi --socket " + place.path};
    }
    return {Verdict::Warn, place.name, text, "A broker died here; the next one takes the socket over"};
}

Finding closed_door(const Place& place, const Knock& knocked) {
    switch (knocked.door) {
        case Door::Absent:
            return absent(place);
        case Door::Deserted:
            return deserted(place);
        case Door::Forbidden:
            return {Verdict::Fail, place.name, place.path + ": " + knocked.reason,
                    "Give this user write permission on the socket and search permission on its directories"};
        case Door::NotASocket:
            return {Verdict::Fail, place.name, place.path + ": not a socket",
                    "Remove it, or name another path"};
        case Door::Open:
        case Door::Unusable:
            break;
    }
    return {Verdict::Fail, place.name, place.path + ": " + knocked.reason, "Name another path"};
}

std::string identity(const Json& broker) {
    return "roudi " + text_of(broker, "version") + ", pid " + text_of(broker, "pid") + ", user " +
           text_of(broker, "user");
}

Findings details(const Alive& alive) {
    const auto& broker = object_of(alive.status, "broker");
    Findings findings{{Verdict::Ok, alive.place.name, alive.place.path + ": " + identity(broker), ""}};
    const auto version = text_of(broker, "version");
    if (version != ipc::version()) {
        findings.push_back({Verdict::Warn, "version",
                            "the broker is " + version + ", the library here is " + ipc::version(),
                            "Bring both to one version and restart the broker"});
    } else {
        findings.push_back({Verdict::Ok, "version", "broker and library are both " + version, ""});
    }
    if (text_of(broker, "separated") == "yes") {
        findings.push_back({Verdict::Ok, "separation", "the broker has a user of its own", ""});
    } else {
        findings.push_back({Verdict::Warn, "separation",
                            "clients run as the broker's user, so the kernel keeps nobody's memory apart",
                            "Fine for development; else run it as a system service: "
                            "systemctl enable --now roudi.socket"});
    }
    return findings;
}

Finding number_of_brokers(const std::vector<Alive>& alive, const std::string& users_socket) {
    // Where ROUDI_SOCKET is set, a node looks nowhere else, and starts no broker either.
    const auto* named = std::getenv("ROUDI_SOCKET");
    const std::string confined_to = named == nullptr ? "" : named;
    if (alive.empty() && !confined_to.empty()) {
        return {Verdict::Fail, "brokers", "none is alive, and nodes start none where ROUDI_SOCKET is set",
                "Unset it, or start one there: roudi --socket " + confined_to};
    }
    if (alive.empty()) {
        return {Verdict::Warn, "brokers", "none is alive; the first node starts one for its user",
                "To start one now: systemctl start roudi.socket, or roudi --user --socket " + users_socket};
    }
    const auto first = std::find_if(alive.begin(), alive.end(), [&](const Alive& one) {
        if (!confined_to.empty()) return one.place.kind == Place::Kind::Environment;
        return one.place.kind == Place::Kind::System || one.place.kind == Place::Kind::User;
    });
    const auto found_first = first == alive.end() ? std::string{"a node that names none finds none of them"}
                                                  : "a node that names none takes " + first->place.path;
    if (alive.size() == 1) return {Verdict::Ok, "brokers", "one is alive; " + found_first, ""};
    return {Verdict::Warn, "brokers", std::to_string(alive.size()) + " are alive; " + found_first,
            "Nodes at different brokers do not see each other: set ROUDI_SOCKET alike for all, or stop the "
            "others"};
}

}  // namespace

Findings check_brokers(const BrokerChoice& choice) {
    Findings findings;
    std::vector<Alive> alive;
    std::string users_socket;  // or that of the domain that was asked for
    for (const auto& place : places(choice)) {
        const bool in_domain = place.kind == Place::Kind::Asked && !choice.domain.empty();
        if (place.kind == Place::Kind::User || in_domain) users_socket = place.path;
        const auto known = [&](const Alive& other) { return other.place.path == place.path; };
        if (std::any_of(alive.begin(), alive.end(), known)) continue;
        const auto knocked = knock(place.path);
        if (knocked.door != Door::Open) {
            findings.push_back(closed_door(place, knocked));
            continue;
        }
        const auto broker = reach_broker({.socket = place.path, .domain = ""});
        const auto status = broker ? query(**broker, {}) : tl::unexpected{broker.error()};
        if (!status) {
            findings.push_back({Verdict::Fail, place.name, place.path + ": " + status.error().message,
                                "Somebody listens, but not a broker that this roudictl understands"});
            continue;
        }
        alive.push_back({place, *status});
        auto more = details(alive.back());
        std::move(more.begin(), more.end(), std::back_inserter(findings));
    }
    findings.push_back(number_of_brokers(alive, users_socket));
    return findings;
}

}  // namespace roudictl
