// SPDX-License-Identifier: Apache-2.0
#include "broker/services.hpp"

#include "broker/broker.hpp"
#include "broker/recorded.hpp"
#include "rules/attributes.hpp"
#include "rules/description.hpp"
#include "rules/names.hpp"
#include "rules/patterns.hpp"
#include "rules/service_hash.hpp"

namespace roudi {

Granted<void> check_may_join(const Permissions& permissions, Node& node, Service& service) {
    if (auto fine = permissions.check(Action::Open, service, node.identity); !fine) return fine;
    const std::uint64_t max_nodes = wire::max_nodes_of(service.settings);
    if (Registry::member(node, service) == nullptr && service.members.size() >= max_nodes)
        return reject(wire::Refusal::ExceedsMaxNumberOfNodes,
                      describe(service) + " is open in " + std::to_string(service.members.size()) +
                          " nodes, and its max_nodes is " + std::to_string(max_nodes));
    return {};
}

namespace {

Granted<void> check_may_open(const Permissions& permissions, Node& node, Service& service,
                             const wire::OpenService& request) {
    if (auto fine = check_may_join(permissions, node, service); !fine) return fine;
    if (auto fine = check_requirements(service, request.request); !fine) return fine;
    return check_attributes(service, request.attributes);
}

// Less what this node's protocol does not know, and need not: for how long something is kept is the broker's
// business.
wire::ServiceSettings told_to(const Node& node, wire::ServiceSettings settings) {
    auto* const publish_subscribe = std::get_if<wire::PublishSubscribeSettings>(&settings);
    if (publish_subscribe != nullptr && node.protocol < wire::readopting_protocol)
        publish_subscribe->kept_ns.reset();
    return settings;
}

}  // namespace

Granted<Service*> Broker::create_service(Node& node, const wire::OpenService& request) {
    if (auto fine = permissions_.check_create(request.name, node.identity); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_settings(request.request); !fine) return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_attributes(request.name, request.attributes); !fine)
        return tl::unexpected{std::move(fine.error())};
    auto charge = ledger_.charge(node.account, Usage{}.with(Resource::Services, 1));
    if (!charge) return tl::unexpected{std::move(charge.error())};
    auto service = std::make_unique<Service>();
    service->name = request.name;
    service->hash = service_hash(wire::key_of(request.request), request.name);
    service->settings = settings_of(request.request);
    if (request.attributes) service->attributes = request.attributes->attributes;
    service->creator = {.identity = node.identity, .node = node.id, .node_name = node.hello.node_name};
    service->charge = std::move(*charge);
    return &registry_.add_service(std::move(service));
}

Broker::Outcome Broker::on(Call call, const wire::OpenService& message) {
    if (auto fine = check_service_name(message.name); !fine) return call.refuse(fine.error());
    Node& node = *call.client.node;
    Service* service = registry_.find_service(message.name);
    const bool exists = service != nullptr;
    if (exists && message.mode == wire::OpenMode::Create)
        return call.refuse(
            {.code = wire::Refusal::AlreadyExists,
             .message = describe(*service) + " exists already, and it was to be created: open it instead"});
    if (!exists && message.mode == wire::OpenMode::Open)
        return call.refuse({.code = wire::Refusal::DoesNotExist,
                            .message = "no " + std::string{wire::words_for(settings_of(message.request))} +
                                       " service \"" + message.name +
                                       "\" is open in any node of this broker (process " +
                                       std::to_string(::getpid()) + "): create it first"});
    if (exists) {
        if (auto fine = check_may_open(permissions_, node, *service, message); !fine)
            return call.refuse(fine.error());
    } else {
        auto created = create_service(node, message);
        if (!created) return call.refuse(created.error());
        service = *created;
    }
    const bool is_news = Registry::member(node, *service) == nullptr;
    registry_.open_service(node, *service);
    if (is_news) {
        if (auto noted = note(node, recorded(*service)); !noted) {
            registry_.close_service(node, *service);
            return call.refuse(noted.error());
        }
    }
    auto answered = call.answer(wire::ServiceOpened{.service = service->id,
                                                    .created = !exists,
                                                    .hash = service->hash,
                                                    .settings = told_to(node, service->settings),
                                                    .attributes = service->attributes});
    if (is_news) give_all_kept(node, *service);
    return answered;
}

Broker::Outcome Broker::on(Call call, const wire::CloseService& message) {
    Node& node = *call.client.node;
    const auto found = node.services.find(message.service);
    if (found == node.services.end() || Registry::member(node, *found->second)->handles == 0)
        return tl::unexpected{wire::Violation{"close_service of a service that is not open"}};
    const auto kept = kept_in(*found->second);
    registry_.close_service(node, *found->second);
    drop_kept_after_leaving(node, message.service, kept);
    return {};
}

}  // namespace roudi
