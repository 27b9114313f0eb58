// SPDX-License-Identifier: Apache-2.0
// A subscriber's port: how it begins, and what a connection of its has to be.
#include "port/subscriber_port.hpp"

#include "port/built_port.hpp"

#include <utility>

namespace ipc::port {

using Samples = wire::PublishSubscribeSettings;

namespace {

ReceivingSettings receiving_settings(const Samples& service, SubscriberSettings settings,
                                     std::uint64_t buffer_size) {
    const layout::Sample sample = service.sample();
    return {.sample = sample,
            .connection =
                layout::connection(buffer_size, service.subscriber_max_borrowed_samples, sample.slot_size()),
            .max_borrowed = static_cast<std::uint32_t>(service.subscriber_max_borrowed_samples),
            .max_senders = service.max_publishers,
            .history_entries = service.history_size == 0 ? 0 : service.history_size + 1,
            .overflows = service.safe_overflow,
            .residence = settings.residence,
            .degradation_handler = std::move(settings.degradation_handler)};
}

}  // namespace

SubscriberPort::SubscriberPort(std::shared_ptr<detail::ServiceHandle> service, SubscriberSettings settings,
                               const wire::PortCreated& created)
    : SamplePort{service, created,
                 receiving_settings(service->settings<Samples>(), std::move(settings), created.buffer_size)} {
}

tl::expected<SubscriberPort*, control::CallFailure> SubscriberPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, SubscriberSettings settings) {
    wire::CreatePort request;
    request.service = service->service_id();
    request.name = name;
    request.settings = wire::SubscriberSettings{.buffer_size = settings.buffer_size,
                                                .history_request = settings.history_request};

    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>&)
        -> tl::expected<std::shared_ptr<SubscriberPort>, std::string> {
        if (created.buffer_size == 0 ||
            created.buffer_size > service->settings<Samples>().subscriber_max_buffer_size)
            return tl::unexpected{"the broker gave the subscriber a buffer of " +
                                  std::to_string(created.buffer_size) + ", the service allows " +
                                  std::to_string(service->settings<Samples>().subscriber_max_buffer_size)};
        auto port = std::make_shared<SubscriberPort>(service, settings, created);
        if (auto taken = port->take_left(settings.history_request); !taken)
            return tl::unexpected{std::move(taken.error())};
        return port;
    };
    auto port = build_port<SubscriberPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->own(*port);
    return port->get();
}

// As the port begins, behind everything that the broker has said of publishers that went, and before anything
// that it says of those that the port is connected with: so nobody's history comes twice.
tl::expected<void, std::string> SubscriberPort::take_left(std::uint64_t history_request) {
    if (!service().latched || history_request == 0) return {};
    auto left = service_->session()->kept_histories(service_->name());
    if (!left)
        return tl::unexpected{std::string{
            "this process has no descriptors left for what publishers that are gone left; raise the limit"}};
    for (control::KeptHistory& history : *left)
        if (auto taken =
                occupy([&](Place& place) { return place.take_left(std::move(history), history_request); });
            !taken)
            return taken;
    return {};
}

std::optional<std::string> SubscriberPort::why_unfit(const wire::ConnectionOffered& offered) const {
    const auto* ring = std::get_if<wire::DeliveryConnection>(&offered.settings);
    if (ring == nullptr) return "the connection that the broker offers is none of samples";
    if (ring->buffer_size == layout().buffer_size && ring->max_borrowed == max_borrowed())
        return std::nullopt;
    return "the connection that the broker offers has a buffer of " + std::to_string(ring->buffer_size) +
           ", the subscriber has " + std::to_string(layout().buffer_size);
}

std::string SubscriberPort::why_no_place() const {
    return "samples of " + std::to_string(used()) +
           " publishers that are gone are still held; release them to connect to a new publisher";
}

std::uint64_t SubscriberPort::history_request(const wire::ConnectionOffered& offered) const {
    return std::get<wire::DeliveryConnection>(offered.settings).history_request;
}

}  // namespace ipc::port
