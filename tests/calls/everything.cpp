// SPDX-License-Identifier: Apache-2.0
#include "calls/everything.hpp"

#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace calls {

namespace {

using namespace std::chrono_literals;
using Number = std::uint64_t;

using Patience = std::chrono::milliseconds;

ipc::Node node_at(const std::string& socket, const std::string& name, Patience patience) {
    ipc::Config config;
    config.socket = socket;
    config.timeout = patience;
    return harness::node_with(config, name);
}

void require(bool holds, const char* what) {
    if (!holds) throw std::runtime_error{what};
}

void exchange_samples(const ipc::Node& sending, const ipc::Node& receiving, Patience patience) {
    const auto open = [](const ipc::Node& node) {
        return node.service_builder("samples")
            .publish_subscribe<Number>()
            .history_size(1)
            .open_or_create()
            .value();
    };
    auto publisher = open(sending).publisher_builder().create().value();
    require(publisher.send_copy(1).has_value(), "a sample was not sent");
    auto subscriber = open(receiving).subscriber_builder().create().value();
    require(publisher.send_copy(2).has_value(), "a sample was not sent");
    for (const Number expected : {1u, 2u}) {
        const auto sample = subscriber.receive(patience).value();
        require(sample && **sample == expected, "another sample came, or none");
    }
}

void exchange_events(const ipc::Node& sending, const ipc::Node& receiving, Patience patience) {
    auto listener = receiving.service_builder("events")
                        .event()
                        .open_or_create()
                        .value()
                        .listener_builder()
                        .create()
                        .value();
    auto notifier = sending.service_builder("events")
                        .event()
                        .open_or_create()
                        .value()
                        .notifier_builder()
                        .create()
                        .value();
    require(notifier.notify(ipc::EventId{3}).has_value(), "nobody was notified");
    require(listener.timed_wait_one(patience).value() == ipc::EventId{3}, "another event came, or none");
}

void exchange_requests(const ipc::Node& asking, const ipc::Node& answering, Patience patience) {
    const auto open = [](const ipc::Node& node) {
        return node.service_builder("requests").request_response<Number, Number>().open_or_create().value();
    };
    auto server = open(answering).server_builder().create().value();
    auto client = open(asking).client_builder().create().value();
    auto pending = client.send_copy(20).value();
    {
        auto request = server.receive(patience).value();
        require(request && request->send_copy(21).has_value(), "a request was not answered");
    }
    const auto response = pending.receive(patience).value();
    require(response && **response == 21, "another response came, or none");
}

void ask_what_is_there(const std::string& socket, Patience patience) {
    ipc::Config config;
    config.socket = socket;
    config.timeout = patience;
    std::size_t services = 0;
    ipc::Service::list(config, [&](const auto&) {
        ++services;
        return ipc::CallbackProgression::Continue;
    }).value();
    require(services > 0, "a service is not in the list");
}

}  // namespace

std::string do_everything(const std::string& socket, Patience patience) {
    try {
        const auto one = node_at(socket, "one", patience);
        const auto other = node_at(socket, "other", patience);
        exchange_samples(one, other, patience);
        exchange_events(other, one, patience);
        exchange_requests(one, other, patience);
        const auto kept = one.service_builder("kept").event().open_or_create().value();
        ask_what_is_there(socket, patience);
        return "";
    } catch (const std::exception& failure) {
        return failure.what();
    }
}

}  // namespace calls
