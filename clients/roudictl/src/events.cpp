// SPDX-License-Identifier: Apache-2.0
#include "events.hpp"

#include "query.hpp"
#include "text.hpp"

#include <ipc/event.hpp>
#include <ipc/node.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <ostream>
#include <string>
#include <utility>

namespace roudictl {
namespace {

struct Joined {
    ipc::Node node;
    ipc::EventService service;
};

template <class Code>
Unanswered explain(const ipc::Error<Code>& error) {
    const bool unreachable = error == Code::NoBroker || error == Code::Timeout;
    return {unreachable ? Unanswered::Kind::NoBroker : Unanswered::Kind::Refused, error.message()};
}

// Asked first, so that a name that is misspelt gets the hint that any other question gets.
tl::expected<void, Unanswered> look_for_service(const CommandLine& command) {
    auto broker = reach_broker(command.broker);
    if (!broker) return tl::unexpected{broker.error()};
    CommandLine question = command;
    question.verb = Verb::Service;
    auto known = query(**broker, question);
    if (!known) return tl::unexpected{known.error()};
    return {};
}

tl::expected<Joined, Unanswered> join(const CommandLine& command) {
    if (auto there = look_for_service(command); !there) return tl::unexpected{there.error()};
    ipc::Config config;
    config.socket = command.broker.socket;
    config.domain = command.broker.domain;
    config.autostart = false;
    auto node = ipc::NodeBuilder{}.name("roudictl").config(config).create();
    if (!node) return tl::unexpected{explain(node.error())};
    auto service = node->service_builder(command.argument).event().open();
    if (!service) return tl::unexpected{explain(service.error())};
    return Joined{std::move(*node), std::move(*service)};
}

std::chrono::nanoseconds interval_of(const CommandLine& command) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>{command.interval_seconds});
}

std::string line_of(const CommandLine& command, ipc::EventActivation activation) {
    const auto id = activation.id().value();
    const auto count = activation.count();
    if (command.json) return nlohmann::ordered_json{{"id", id}, {"count", count}}.dump();
    return "event " + std::to_string(id) + (count == 1 ? "" : ", " + std::to_string(count) + " times");
}

}  // namespace

tl::expected<void, Unanswered> notify(const CommandLine& command, std::ostream& out) {
    auto joined = join(command);
    if (!joined) return tl::unexpected{joined.error()};
    const ipc::EventId id{command.event_id};
    auto notifier = joined->service.notifier_builder().name("roudictl").create();
    if (!notifier) return tl::unexpected{explain(notifier.error())};
    const auto count = command.count.value_or(1);
    for (std::uint64_t told = 0; told != count || count == 0;) {
        const auto listeners = notifier->notify(id);
        if (!listeners && listeners.error() == ipc::NotifyError::EventIdOutOfBounds)
            return tl::unexpected{
                Unanswered{Unanswered::Kind::Refused,
                           "the events of '" + printable(command.argument) + "' are 0 to " +
                               std::to_string(joined->service.static_config().event_id_max_value) + ", and " +
                               std::to_string(command.event_id) + " was asked for"}};
        out << "event " << id << ": ";
        if (listeners)
            out << *listeners << (*listeners == 1 ? " listener" : " listeners") << std::endl;
        else
            out << "late, but told (" << to_string(listeners.error()) << ")" << std::endl;
        const bool last = ++told == count && count != 0;
        if (!out || last || !joined->node.wait(interval_of(command))) break;
    }
    return {};
}

tl::expected<void, Unanswered> listen(const CommandLine& command, std::ostream& out) {
    auto joined = join(command);
    if (!joined) return tl::unexpected{joined.error()};
    auto listener = joined->service.listener_builder().name("roudictl").create();
    if (!listener) return tl::unexpected{explain(listener.error())};
    std::uint64_t heard = 0;
    const auto print = [&](ipc::EventActivation activation) {
        heard += activation.count();
        out << line_of(command, activation) << std::endl;
    };
    while (out && !(command.count && heard >= *command.count)) {
        if (!listener->blocking_wait(print)) break;  // asked to end
    }
    return {};
}

}  // namespace roudictl
