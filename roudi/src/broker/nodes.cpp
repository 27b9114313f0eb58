// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "broker/shortage.hpp"
#include "broker/version.hpp"
#include "layout/counters.hpp"
#include "rules/names.hpp"

#include <unistd.h>

#include <algorithm>

namespace roudi {

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
    if (!hello.observer) {
        auto counters = shm::MemoryFile::create("ipc-counters", ipc::layout::Counters::size);
        if (!counters) return tl::unexpected{shortage(counters.error())};
        node->counters = std::move(*counters);
    }
    return &registry_.add_node(std::move(node));
}

Broker::Outcome Broker::on(Call call, const wire::Hello& message) {
    auto added = add_node(call.client, message);
    if (!added) return call.refuse(added.error());
    Node& node = **added;
    std::vector<shm::UniqueFd> descriptors;
    if (!message.observer) {
        auto counters = duplicate(node.counters.descriptor());
        if (!counters) {
            registry_.remove_node(node);
            return call.refuse(counters.error());
        }
        descriptors.push_back(std::move(*counters));
    }
    call.client.node = &node;
    return call.answer(wire::Welcome{.protocol = std::min(message.highest_protocol, wire::highest_protocol),
                                     .features = {},
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
    while (!node.ports.empty()) remove_port(*node.ports.begin()->second, reason);
    registry_.remove_node(node);
    client.node = nullptr;
}

}  // namespace roudi
