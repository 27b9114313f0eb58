// SPDX-License-Identifier: Apache-2.0
#include "status/inquiry.hpp"
#include "status/objects.hpp"
#include "status/pages.hpp"
#include "text/nearest.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <iterator>

namespace roudi {

namespace {

// How many names a hint looks at: a mistyped name among thousands must not hold the broker up.
constexpr int most_candidates = 500;

// Who only asks has a session, and is no node for whoever looks.
bool is_listed(const Node& node) {
    return !node.hello.observer;
}

// Entries of an ordered map from the cursor, a key, on.
template <class Map, class IsListed, class Describe>
wire::Answer list_from(const char* name, const Map& entries, std::uint64_t cursor, const IsListed& is_listed,
                       const Describe& describe) {
    Page page{name};
    for (auto entry = entries.lower_bound(cursor); entry != entries.end(); ++entry) {
        if (!is_listed(*entry->second)) continue;
        if (page.is_full()) return page.answer(entry->first);
        page.add(describe(*entry->second));
    }
    return page.answer(std::nullopt);
}

wire::Answer only(const char* name, const nlohmann::json& object) {
    Page page{name};
    page.add(object);
    return page.answer(std::nullopt);
}

}  // namespace

Granted<wire::Answer> Inquiry::services(const wire::Query& query, const Identity& asker) {
    const auto& services = broker_.registry().services();
    Page page{"services"};
    std::uint64_t position = std::min<std::uint64_t>(query.cursor, services.size());
    for (auto entry = std::next(services.begin(), static_cast<std::ptrdiff_t>(position));
         entry != services.end(); ++entry, ++position) {
        if (!broker_.permissions().may_observe(*entry->second, asker)) continue;
        if (page.is_full()) return page.answer(position);
        page.add(service_object(*entry->second));
    }
    return page.answer(std::nullopt);
}

Granted<wire::Answer> Inquiry::service(const wire::Query& query, const Identity& asker) {
    Service* service = broker_.registry().find_service(query.argument);
    if (service != nullptr && broker_.permissions().may_observe(*service, asker))
        return only("services", service_details(*service));
    Nearest nearest{query.argument};
    int left = most_candidates;
    for (const auto& [name, candidate] : broker_.registry().services()) {
        if (left-- == 0) break;
        if (broker_.permissions().may_observe(*candidate, asker)) nearest.consider(name);
    }
    const std::string hint =
        nearest.found().empty() ? "" : "; did you mean \"" + std::string{nearest.found()} + "\"?";
    return reject(wire::Refusal::DoesNotExist, "no service \"" + query.argument + "\" is open in any of " +
                                                   std::to_string(broker_.registry().nodes().size()) +
                                                   " nodes of this broker, or user " +
                                                   std::to_string(asker.uid) + " may not observe it" + hint);
}

Granted<wire::Answer> Inquiry::nodes(const wire::Query& query, const Identity&) {
    return list_from(
        "nodes", broker_.registry().nodes(), query.cursor, [](const Node& node) { return is_listed(node); },
        [this](const Node& node) { return node_object(node, users_, hung_after()); });
}

Granted<wire::Answer> Inquiry::node(const wire::Query& query, const Identity& asker) {
    const auto id = wire::Uuid::parse(query.argument);
    const auto pid = number_in<pid_t>(query.argument);

    Page page{"nodes"};
    bool found = false;
    Nearest nearest{query.argument};
    int left = most_candidates;
    const auto& nodes = broker_.registry().nodes();
    for (auto entry = nodes.lower_bound(query.cursor); entry != nodes.end(); ++entry) {
        Node& node = *entry->second;
        if (!is_listed(node)) continue;
        if (left-- > 0) nearest.consider(node.hello.node_name);
        if (!(id && node.id == *id) && node.identity.pid != pid && node.hello.node_name != query.argument)
            continue;
        if (page.is_full()) return page.answer(entry->first);
        page.add(node_details(node, users_, hung_after(), [&](const Service& service) {
            return broker_.permissions().may_observe(service, asker);
        }));
        found = true;
    }
    if (found || query.cursor != 0) return page.answer(std::nullopt);
    const std::string hint =
        nearest.found().empty() ? "" : "; did you mean \"" + std::string{nearest.found()} + "\"?";
    return reject(wire::Refusal::DoesNotExist, "none of " + std::to_string(nodes.size()) +
                                                   " nodes has the id, name or process number \"" +
                                                   query.argument + "\"" + hint);
}

Granted<wire::Answer> Inquiry::ports(const wire::Query& query, const Identity& asker) {
    return list_from(
        "ports", broker_.registry().ports(), query.cursor,
        [&](const Port& port) { return broker_.permissions().may_observe(*port.service, asker); },
        [](Port& port) { return port_object(port); });
}

}  // namespace roudi
