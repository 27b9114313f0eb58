// SPDX-License-Identifier: Apache-2.0
// What publishers of latched services leave to subscribers that come later: kept here, and by every node that
// may receive in the service, so that it outlives the broker as well.
#include "broker/broker.hpp"
#include "broker/data_file.hpp"
#include "broker/recorded.hpp"
#include "broker/shortage.hpp"
#include "broker/violation.hpp"
#include "layout/counters.hpp"
#include "registry/counters_reader.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace roudi {

namespace {

const wire::PublishSubscribeSettings* latched_settings(const Service& service) {
    const auto* settings = std::get_if<wire::PublishSubscribeSettings>(&service.settings);
    return settings != nullptr && settings->latched ? settings : nullptr;
}

// A publisher that never sent anything leaves nothing, and takes nobody's place. If it lies, that is its own
// loss.
bool leaves_something(const Port& port) {
    return port.kind() == wire::PortKind::Publisher && port.data_sealed &&
           read_counter(*port.node, port.record.number(),
                        static_cast<std::uint64_t>(ipc::layout::PublisherCounter::sent)) != 0;
}

using TimePoint = Broker::TimePoint;

// Times of the steady clock mean the same to the next broker.
std::optional<std::uint64_t> recorded_time(const std::optional<TimePoint>& time) {
    if (!time) return std::nullopt;
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time->time_since_epoch()).count());
}
std::optional<TimePoint> time_of(const std::optional<std::uint64_t>& nanoseconds) {
    if (!nanoseconds) return std::nullopt;
    return TimePoint{std::chrono::nanoseconds{static_cast<std::int64_t>(*nanoseconds)}};
}

// Of what is left now. A time beyond the clock's last one never comes.
std::optional<TimePoint> end_of_what_is_left(const wire::PublishSubscribeSettings& settings) {
    if (!settings.kept_ns) return std::nullopt;
    const TimePoint now = TimePoint::clock::now();
    const std::chrono::nanoseconds kept{static_cast<std::int64_t>(*settings.kept_ns)};
    return kept < TimePoint::max() - now ? std::optional{now + kept} : std::nullopt;
}

std::deque<KeptHistory>::iterator find_kept(Service& service, wire::Uuid publisher) {
    return std::find_if(service.kept.begin(), service.kept.end(),
                        [&](const KeptHistory& kept) { return kept.publisher == publisher; });
}

std::vector<wire::DataSegment> details_of(const std::vector<FurtherSegment>& segments) {
    std::vector<wire::DataSegment> details;
    for (const FurtherSegment& segment : segments) details.push_back(segment.details);
    return details;
}

}  // namespace

RecordedHistory recorded(const Service& service, const KeptHistory& kept) {
    return {.publisher = kept.publisher,
            .service = service.id,
            .data_size = kept.data_size,
            .owner_pid = static_cast<std::uint64_t>(kept.owner.pid),
            .owner_uid = kept.owner.uid,
            .owner_gid = kept.owner.gid,
            .segments = details_of(kept.further),
            .ends_ns = recorded_time(kept.ending.when())};
}

bool Broker::may_keep(const Node& node, const Service& service) const {
    return !node.hello.observer &&
           permissions_.check_port(wire::PortKind::Subscriber, service, node.identity).has_value();
}

void Broker::keep_history(Port& port) {
    Service& service = *port.service;
    if (latched_settings(service) == nullptr || !leaves_something(port)) return;
    port.charge.refund();  // of which this is a part
    auto charge = ledger_.charge(port.node->account, usage_of_segment(port.data_size));
    if (!charge) {
        log_.warning("what publisher " + port.id.text() + " of service \"" + service.name +
                     "\" left is not kept: " + charge.error().message);
        return;
    }
    KeptHistory kept{.publisher = port.id,
                     .owner = port.node->identity,
                     .data_size = port.data_size,
                     .data = std::move(port.data),
                     .charge = std::move(*charge),
                     .further = {},
                     .ending = {}};
    if (const auto end = end_of_what_is_left(*latched_settings(service)))
        kept.ending = endings_.add(*end, service.name, kept.publisher);
    // What was published may be in any of them, and only receivers look.
    for (auto& [number, segment] : port.further)
        if (segment.sealed) kept.further.push_back(std::move(segment));
    add_kept(service, std::move(kept), nullptr);
}

// The oldest makes room. `has_it`: who need not be told.
KeptHistory& Broker::add_kept(Service& service, KeptHistory added, const Node* has_it) {
    const std::uint64_t most = latched_settings(service)->max_publishers;
    while (service.kept.size() >= most) drop_kept(service, service.kept.begin());
    KeptHistory& kept = service.kept.emplace_back(std::move(added));
    for (const auto& [serial, member] : service.members)
        if (member.node != has_it) give_kept(*member.node, service, kept);
    ring_for_the_next();
    return kept;
}

void Broker::drop_kept(Service& service, std::deque<KeptHistory>::iterator kept) {
    const wire::Uuid publisher = kept->publisher;
    service.kept.erase(kept);
    for (const auto& [serial, member] : service.members)
        member.node->client->announce(wire::HistoryDropped{.publisher = publisher});
}

void Broker::drop_outlived(TimePoint now) {
    while (!endings_.all().empty() && endings_.all().begin()->first <= now) {
        const auto& over = endings_.all().begin()->second;
        Service& service = *registry_.find_service(over.service);
        drop_kept(service, find_kept(service, over.publisher));  // and the ending along with it
    }
    ring_for_the_next();
}

void Broker::ring_for_the_next() {
    if (!endings_.all().empty()) alarm_(endings_.all().begin()->first);
}

Granted<std::vector<shm::UniqueFd>> Broker::to_read(const KeptHistory& kept) {
    std::vector<shm::UniqueFd> descriptors;
    const auto add = [&](const shm::MemoryFile& file) -> Granted<void> {
        auto data = file.reopen_read_only();
        if (!data) return tl::unexpected{shortage(data.error())};
        descriptors.push_back(std::move(*data));
        return {};
    };
    if (auto added = add(kept.data); !added) return tl::unexpected{std::move(added.error())};
    for (const FurtherSegment& segment : kept.further)
        if (auto added = add(segment.data); !added) return tl::unexpected{std::move(added.error())};
    return descriptors;
}

// A node that cannot be given it is none that others could get it from, and that is all.
void Broker::give_kept(Node& node, const Service& service, const KeptHistory& kept) {
    if (!may_keep(node, service)) return;
    auto descriptors = to_read(kept);
    Granted<void> given =
        descriptors ? note(node, recorded(service, kept)) : tl::unexpected{std::move(descriptors.error())};
    if (!given) {
        log_.warning("node \"" + node.hello.node_name + "\" of process " + std::to_string(node.identity.pid) +
                     " does not get what a publisher of service \"" + service.name +
                     "\" left: " + given.error().message);
        return;
    }
    node.client->announce(wire::HistoryKept{.service = service.name,
                                            .publisher = kept.publisher,
                                            .data_size = kept.data_size,
                                            .segments = details_of(kept.further)},
                          std::move(*descriptors));
}

void Broker::give_all_kept(Node& node, const Service& service) {
    for (const KeptHistory& kept : service.kept) give_kept(node, service, kept);
}

std::vector<wire::Uuid> Broker::kept_in(const Service& service) {
    std::vector<wire::Uuid> publishers;
    for (const KeptHistory& kept : service.kept) publishers.push_back(kept.publisher);
    return publishers;
}

// Who has left a service keeps nothing of it.
void Broker::drop_kept_after_leaving(const Node& node, std::uint64_t service,
                                     const std::vector<wire::Uuid>& kept) {
    if (node.services.contains(service)) return;
    for (const wire::Uuid& publisher : kept)
        node.client->announce(wire::HistoryDropped{.publisher = publisher});
}

Broker::Outcome Broker::on(Call call, const wire::ReadoptHistory& message) {
    Node& node = *call.client.node;
    const Readoption& readoption = *node.readoption;
    const auto found = readoption.recorded.histories.find(message.publisher);
    if (found == readoption.recorded.histories.end())
        return violation("readopt_history of one that its record does not have");
    const RecordedHistory& entry = found->second;
    const auto unwanted = [&]() -> Outcome {
        call.client.announce(wire::HistoryDropped{.publisher = message.publisher});
        return {};
    };
    // One that is not open any more, was not granted, or is another one of that name.
    const auto opened = readoption.services.find(entry.service);
    if (opened == readoption.services.end() || opened->second == nullptr) return unwanted();
    Service& service = *opened->second;
    if (latched_settings(service) == nullptr || !may_keep(node, service)) return unwanted();
    const auto ends = time_of(entry.ends_ns);
    if (ends && *ends <= TimePoint::clock::now()) return unwanted();

    auto kept = find_kept(service, message.publisher);
    if (kept == service.kept.end()) {
        auto data = take_data_file("readopt_history", std::move(call.brought.front()), entry.publisher,
                                   entry.data_size);
        if (!data) return tl::unexpected{std::move(data.error())};
        const Identity owner{.pid = static_cast<pid_t>(entry.owner_pid),
                             .uid = static_cast<uid_t>(entry.owner_uid),
                             .gid = static_cast<gid_t>(entry.owner_gid)};
        Usage amounts = usage_of_segment(entry.data_size);
        std::vector<FurtherSegment> further;
        for (const wire::DataSegment& details : entry.segments) {
            auto file = node.readoption->history_segments.extract(details.id);
            if (file.empty()) return violation("readopt_history before one of its further segments");
            amounts += usage_of_segment(details.size);
            FurtherSegment& segment = further.emplace_back();
            segment.details = details;
            segment.data = std::move(file.mapped());
            segment.sealed = true;
        }
        auto charge = ledger_.charge(std::make_shared<Account>(ledger_, owner), amounts);
        if (!charge) {
            log_.warning("what publisher " + entry.publisher.text() + " of service \"" + service.name +
                         "\" left is not kept any longer: " + charge.error().message);
            return unwanted();
        }
        (void)add_kept(
            service,
            {.publisher = entry.publisher,
             .owner = owner,
             .data_size = entry.data_size,
             .data = std::move(*data),
             .charge = std::move(*charge),
             .further = std::move(further),
             .ending = ends ? endings_.add(*ends, service.name, entry.publisher) : Endings::Ending{}},
            &node);
        kept = std::prev(service.kept.end());
    }
    if (auto noted = note(node, recorded(service, *kept)); !noted) return violation(noted.error().message);
    return {};
}

// Kept until the history comes that has it, or that is over.
Broker::Outcome Broker::on(Call call, const wire::ReadoptHistorySegment& message) {
    Readoption& readoption = *call.client.node->readoption;
    const auto found = readoption.recorded.histories.find(message.publisher);
    if (found == readoption.recorded.histories.end())
        return violation("readopt_history_segment of a history that its record does not have");
    const auto& segments = found->second.segments;
    const auto details =
        std::find_if(segments.begin(), segments.end(),
                     [&](const wire::DataSegment& segment) { return segment.id == message.segment; });
    if (details == segments.end() || readoption.history_segments.contains(message.segment))
        return violation("readopt_history_segment of one that its record does not have, or twice");
    auto data = take_data_file("readopt_history_segment", std::move(call.brought.front()), message.segment,
                               details->size);
    if (!data) return tl::unexpected{std::move(data.error())};
    readoption.history_segments.emplace(message.segment, std::move(*data));
    return {};
}

}  // namespace roudi
