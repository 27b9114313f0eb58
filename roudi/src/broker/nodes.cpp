// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "broker/shortage.hpp"
#include "broker/version.hpp"
#include "layout/counters.hpp"
#include "record/file_names.hpp"
#include "rules/names.hpp"

#include <unistd.h>

#include <algorithm>

namespace roudi {

namespace {

bool comes_back(const wire::Hello& hello) {
    return !hello.observer && std::find(hello.features.begin(), hello.features.end(),
                                        wire::readopts_feature) != hello.features.end();
}

}  // namespace

Granted<Node*> Broker::add_node(Client& client, const wire::Hello& hello) {
    if (auto fine = check_label(hello.library_version, "a library's version"); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (hello.lowest_protocol > wire::highest_protocol || hello.highest_protocol < wire::lowest_protocol)
        return reject(wire::Refusal::UnsupportedProtocol,
                      "the broker (version " + std::string{version} + ") speaks protocols " +
                          std::to_string(wire::lowest_protocol) + " to " +
                          std::to_string(wire::highest_protocol) + ", and the library (version " +
                          hello.library_version + ") speaks " + std::to_string(hello.lowest_protocol) +
                          " to " + std::to_string(hello.highest_protocol) + ": update the older of the two");
    if (auto fine = check_label(hello.node_name, "a node"); !fine)
        return tl::unexpected{std::move(fine.error())};

    auto node = std::make_unique<Node>();
    node->id = wire::Uuid::random();
    node->protocol = std::min(hello.highest_protocol, wire::highest_protocol);
    node->client = &client;
    node->identity = client.identity;
    node->hello = hello;
    node->hello.features = {};  // as many as a frame holds, and none is known
    node->account = client.account;
    Usage amounts;  // who only asks is a session, and no node
    if (!hello.observer)
        amounts = amounts.with(Resource::Nodes, 1)
                      .with(Resource::SegmentBytes, ipc::layout::Counters::size)
                      .with(Resource::Descriptors, 1);
    client.account->node_name = hello.node_name;
    auto charge = ledger_.charge(client.account, amounts);
    if (!charge) return tl::unexpected{std::move(charge.error())};
    node->charge = std::move(*charge);
    if (comes_back(hello)) {
        if (node->protocol < wire::readopting_protocol)
            return reject(wire::Refusal::UnsupportedProtocol, "a node that comes back speaks protocol " +
                                                                  std::to_string(wire::readopting_protocol) +
                                                                  " or a later one");
        node->readoption = std::make_unique<Readoption>();
    } else if (!hello.observer) {
        auto counters = shm::MemoryFile::create(counters_name(node->id).c_str(), ipc::layout::Counters::size);
        if (!counters) return tl::unexpected{shortage(counters.error())};
        node->counters = std::move(*counters);
        if (node->protocol >= wire::readopting_protocol) {
            if (auto recorded = renew_record(*node, ""); !recorded)
                return tl::unexpected{std::move(recorded.error())};
        }
    }
    return &registry_.add_node(std::move(node));
}

Broker::Outcome Broker::on(Call call, const wire::Hello& message) {
    auto added = add_node(call.client, message);
    if (!added) return call.refuse(added.error());
    Node& node = **added;
    std::vector<shm::UniqueFd> descriptors;
    const auto give_up = [&](const Rejection& rejection) {
        registry_.remove_node(node);
        return call.refuse(rejection);
    };
    if (node.counters.descriptor()) {
        auto counters = duplicate(node.counters.descriptor());
        if (!counters) return give_up(counters.error());
        descriptors.push_back(std::move(*counters));
    }
    if (node.record) {
        auto record = node.record->to_read();
        if (!record) return give_up(shortage(record.error()));
        descriptors.push_back(std::move(*record));
    }
    call.client.node = &node;
    std::vector<std::string> features;
    if (node.readoption) features.emplace_back(wire::readopts_feature);
    return call.answer(wire::Welcome{.protocol = node.protocol,
                                     .features = std::move(features),
                                     .broker_version = version,
                                     .broker_pid = static_cast<std::uint64_t>(::getpid()),
                                     .broker_uid = ::getuid(),
                                     .node = node.id},
                       std::move(descriptors));
}

Broker::Outcome Broker::on(Call call, const wire::CountersMapped&) {
    Node& node = *call.client.node;
    if (node.counters_sealed) return tl::unexpected{wire::Violation{"counters_mapped for the second time"}};
    if (auto sealed = node.counters.seal_for_the_writer_that_mapped(); !sealed)
        return tl::unexpected{wire::Violation{sealed.error().message()}};
    node.counters_sealed = true;
    return {};
}

void Broker::forget(Client& client) {
    if (client.node == nullptr) return;
    Node& node = *client.node;
    const auto reason =
        client.said_goodbye ? wire::RemovalReason::PeerDropped : wire::RemovalReason::PeerDied;
    if (node.readoption)
        for (const auto& [serial, port] : node.ports) break_promises(*port);
    while (!node.ports.empty()) remove_port(*node.ports.begin()->second, reason);
    drop_waiting_for(node, reason);
    registry_.remove_node(node);
    client.node = nullptr;
}

}  // namespace roudi
