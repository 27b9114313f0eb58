// SPDX-License-Identifier: Apache-2.0
// A node that had a broker before this one comes back, with its services and ports.
#include "broker/broker.hpp"
#include "broker/data_file.hpp"
#include "broker/recorded.hpp"
#include "broker/services.hpp"
#include "broker/shortage.hpp"
#include "broker/violation.hpp"
#include "layout/counters.hpp"
#include "record/file_names.hpp"
#include "record/presented_files.hpp"
#include "rules/attributes.hpp"
#include "rules/description.hpp"
#include "rules/names.hpp"
#include "rules/patterns.hpp"
#include "rules/port_limits.hpp"
#include "rules/service_hash.hpp"
#include "wire/text_writer.hpp"

#include <algorithm>

namespace roudi {

namespace {

using Memory = shm::MemoryFile;

template <class Settings>
std::string text_of(const Settings& settings) {
    std::string text;
    wire::TextWriter writer{text};
    writer.one_of(settings);
    writer.finish();
    return text;
}

}  // namespace

Broker::Outcome Broker::on(Call call, const wire::Readopt& message) {
    Node& node = *call.client.node;
    const std::string type{message.type};
    const auto presented = PresentedFiles::create();
    if (!presented) return violation(type + ": " + shortage(presented.error()).message);

    // Whose record it is, it says itself; that it is that one, its name says.
    const Memory unchecked{std::move(call.brought[0])};
    auto contents = read_record(unchecked);
    if (!contents) return violation(type + " with " + contents.error());
    const wire::Uuid id = contents->node.node;
    auto record = presented->memory_file(unchecked.descriptor().duplicate(),
                                         {.name = record_name(id), .seals = Memory::shared_seals, .size = 0});
    if (!record) return violation(type + " with " + record.error() + " as its record");
    if (contents->node.uid != node.identity.uid)
        return violation(type + " with a record of user " + std::to_string(contents->node.uid) +
                         ", and user " + std::to_string(node.identity.uid) + " presents it");
    if (registry_.find_node(id) != nullptr)
        return violation(type + " of node " + id.text() + ", which is here");
    auto counters = presented->memory_file(
        std::move(call.brought[1]),
        {.name = counters_name(id), .seals = Memory::writer_seals, .size = ipc::layout::Counters::size});
    if (!counters) return violation(type + " with " + counters.error() + " as its counters");

    incidents_.restarts = std::max(incidents_.restarts, contents->node.restarts + 1);
    registry_.rename_node(node, id);
    node.counters = std::move(*counters);
    node.counters_sealed = true;
    node.readoption->begun = true;
    node.readoption->recorded = std::move(*contents);
    if (auto renewed = renew_record(node, ""); !renewed)
        return violation(type + ": " + renewed.error().message);
    return {};
}

// The client goes on without; status tells whoever wonders.
void Broker::not_readopted(Client& client, wire::NotReadopted claim, const Rejection& rejection,
                           const std::string& what) {
    log_.warning(what + " of process " + std::to_string(client.identity.pid) +
                 ", which came back, stays without a broker: " + rejection.message);
    incidents_.add(Incidents::NotReadopted{.at = std::chrono::system_clock::now(),
                                           .identity = client.identity,
                                           .node = client.node->hello.node_name,
                                           .what = what,
                                           .reason = rejection.message});
    if (claim.port) client.node->refused_ports.insert(*claim.port);
    claim.code = rejection.code;
    claim.message = rejection.message;
    client.announce(claim);
}

Granted<Service*> Broker::readopt_service(Node& node, const RecordedService& recorded) {
    if (auto fine = check_service_name(recorded.name); !fine) return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_label(recorded.creator_name, "a node"); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_settings(recorded.settings); !fine) return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_attributes(recorded.attributes); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (Service* existing = registry_.find_service(recorded.name)) {
        if (text_of(existing->settings) != text_of(recorded.settings) ||
            existing->attributes != recorded.attributes)
            return reject(wire::Refusal::AlreadyExists,
                          describe(*existing) +
                              " exists, set otherwise than the one of that name that node \"" +
                              node.hello.node_name + "\" of process " + std::to_string(node.identity.pid) +
                              " had open before the broker's restart");
        if (auto fine = check_may_join(permissions_, node, *existing); !fine)
            return tl::unexpected{std::move(fine.error())};
        return existing;
    }
    auto service = std::make_unique<Service>();
    service->name = recorded.name;
    service->settings = recorded.settings;
    service->attributes = recorded.attributes;
    service->hash = service_hash(wire::key_of(recorded.settings), recorded.name);
    service->creator = {.identity = {.pid = static_cast<pid_t>(recorded.creator_pid),
                                     .uid = static_cast<uid_t>(recorded.creator_uid),
                                     .gid = static_cast<gid_t>(recorded.creator_gid)},
                        .node = recorded.creator_node,
                        .node_name = recorded.creator_name};
    if (auto fine = check_may_join(permissions_, node, *service); !fine)
        return tl::unexpected{std::move(fine.error())};
    auto charge = ledger_.charge(node.account, Usage{}.with(Resource::Services, 1));
    if (!charge) return tl::unexpected{std::move(charge.error())};
    service->charge = std::move(*charge);
    return &registry_.add_service(std::move(service));
}

Broker::Outcome Broker::on(Call call, const wire::ReadoptService& message) {
    Node& node = *call.client.node;
    Readoption& readoption = *node.readoption;
    const auto found = readoption.recorded.services.find(message.service);
    if (found == readoption.recorded.services.end() || message.handles == 0)
        return violation("readopt_service of one that its record does not have");
    if (readoption.services.contains(message.service))
        return violation("readopt_service for the second time");

    auto service = readopt_service(node, found->second);
    if (service) {
        registry_.open_service(node, **service, message.handles);
        if (auto noted = note(node, recorded(**service)); !noted) return violation(noted.error().message);
        ++incidents_.readopted.services;
        give_all_kept(node, **service);
        readoption.services.emplace(message.service, *service);
        call.client.announce(wire::ServiceReadopted{.recorded = message.service, .service = (*service)->id});
        return {};
    }
    readoption.services.emplace(message.service, nullptr);
    not_readopted(call.client, {.service = message.service, .port = {}}, service.error(),
                  "service \"" + found->second.name + "\"");
    return {};
}

Granted<Port*> Broker::readopt_port(Node& node, Service& service, const RecordedPort& recorded) {
    if (auto fine = check_label(recorded.name, "a port"); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = permissions_.check_port(wire::kind_of(recorded.settings), service, node.identity); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_room(service, wire::kind_of(recorded.settings), recorded.port); !fine)
        return tl::unexpected{std::move(fine.error())};
    auto granted = grant_port(service, recorded.settings);
    if (!granted) return tl::unexpected{std::move(granted.error())};
    Usage amounts = Usage{}.with(Resource::Ports, 1);
    if (granted->data_size != 0) amounts += usage_of_segment(granted->data_size);
    auto charge = ledger_.charge(node.account, amounts);
    if (!charge) return tl::unexpected{std::move(charge.error())};

    auto port = std::make_unique<Port>();
    port->id = recorded.port;
    port->settings = granted->settings;
    port->name = recorded.name;
    port->node = &node;
    port->service = &service;
    port->data_size = granted->data_size;
    port->charge = std::move(*charge);
    auto record = node.records.take(recorded.record);
    if (!record)
        return reject(wire::Refusal::InternalFailure,
                      "record " + std::to_string(recorded.record) + " of its counters belongs to another");
    port->record = std::move(*record);
    port->readopted = true;
    return &registry_.add_port(std::move(port));
}

Broker::Outcome Broker::give_files(Port& port, const wire::ReadoptPort& claim,
                                   std::vector<shm::UniqueFd>& descriptors) {
    if (claim.has_data) {
        auto data =
            take_data_file(std::string{claim.type}, std::move(descriptors.front()), port.id, port.data_size);
        if (!data) return tl::unexpected{std::move(data.error())};
        port.data = std::move(*data);
        port.data_sealed = true;
    }
    port.wakes = claim.wakes;
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::ReadoptPort& message) {
    Node& node = *call.client.node;
    const Readoption& readoption = *node.readoption;
    const auto found = readoption.recorded.ports.find(message.port);
    if (found == readoption.recorded.ports.end())
        return violation("readopt_port of one that its record does not have");
    const RecordedPort& entry = found->second;
    if (registry_.find_port(message.port) != nullptr) return violation("readopt_port for the second time");
    const auto service = readoption.services.find(entry.service);
    if (service == readoption.services.end()) return violation("readopt_port before its service");
    if (message.has_data != (entry.data_size != 0))
        return violation("readopt_port with a data segment that it has not, or without its own");
    if (service->second == nullptr) {  // its service was not granted, which says all
        node.refused_ports.insert(message.port);
        return {};
    }
    if (!wire::has_ports_like(service->second->settings, entry.settings))
        return violation("readopt_port of a kind that a service of this pattern has not");

    auto port = readopt_port(node, *service->second, entry);
    if (port && (*port)->data_size == entry.data_size) {
        if (auto given = give_files(**port, message, call.brought); !given) return given;
        if (auto noted = note(node, recorded(**port)); !noted) return violation(noted.error().message);
        ++incidents_.readopted.ports;
        return {};
    }
    if (port) return violation("readopt_port with a data segment of another size than it has to have");
    not_readopted(call.client, {.service = {}, .port = message.port}, port.error(),
                  std::string{wire::name_of(wire::kind_of(entry.settings))} + " \"" + entry.name +
                      "\" of service \"" + service->second->name + "\"");
    return {};
}

}  // namespace roudi
