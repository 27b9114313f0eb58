// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/payload.hpp"
#include "ipc/publisher.hpp"
#include "ipc/subscriber.hpp"
#include "ipc/untyped/publish_subscribe.hpp"

#include <cstdint>
#include <utility>

namespace ipc {

// An opened service whose samples are a Payload each, with a UserHeader each unless that is void. See
// untyped::PublishSubscribeService.
template <class Payload, class UserHeader = void>
class PublishSubscribeService {
 public:
    explicit PublishSubscribeService(untyped::PublishSubscribeService service)
        : service_{std::move(service)} {}

    const std::string& name() const { return service_.name(); }
    const std::string& service_hash() const { return service_.service_hash(); }
    bool was_created() const { return service_.was_created(); }
    AttributeSet attributes() const { return service_.attributes(); }
    PublishSubscribeStaticConfig static_config() const { return service_.static_config(); }
    expected<PublishSubscribeDynamicConfig, Error<ServiceDetailsError>> dynamic_config() const {
        return service_.dynamic_config();
    }

    PublisherBuilder<Payload, UserHeader> publisher_builder() const {
        return PublisherBuilder<Payload, UserHeader>{service_.handle()};
    }
    SubscriberBuilder<Payload, UserHeader> subscriber_builder() const {
        return SubscriberBuilder<Payload, UserHeader>{service_.handle()};
    }

    const untyped::PublishSubscribeService& untyped_service() const { return service_; }

 private:
    untyped::PublishSubscribeService service_;
};

// See untyped::PublishSubscribeBuilder for what each setting means.
template <class Payload, class UserHeader = void>
class PublishSubscribeBuilder {
 public:
    using Service = PublishSubscribeService<Payload, UserHeader>;

    explicit PublishSubscribeBuilder(untyped::PublishSubscribeBuilder builder)
        : builder_{std::move(builder)} {}

    template <class Header>
    PublishSubscribeBuilder<Payload, Header> user_header() const {
        auto builder = builder_;
        builder.user_header(type_detail<Header>());
        return PublishSubscribeBuilder<Payload, Header>{std::move(builder)};
    }
    PublishSubscribeBuilder& payload_schema(Schema schema) {
        return set(builder_.payload_schema(std::move(schema)));
    }
    PublishSubscribeBuilder& enable_safe_overflow(bool enabled) {
        return set(builder_.enable_safe_overflow(enabled));
    }
    PublishSubscribeBuilder& enable_timestamps(bool enabled) {
        return set(builder_.enable_timestamps(enabled));
    }
    PublishSubscribeBuilder& latched(bool enabled) { return set(builder_.latched(enabled)); }
    PublishSubscribeBuilder& latched_for(std::chrono::nanoseconds duration) {
        return set(builder_.latched_for(duration));
    }
    PublishSubscribeBuilder& history_size(std::uint64_t samples) {
        return set(builder_.history_size(samples));
    }
    PublishSubscribeBuilder& subscriber_max_buffer_size(std::uint64_t samples) {
        return set(builder_.subscriber_max_buffer_size(samples));
    }
    PublishSubscribeBuilder& subscriber_max_borrowed_samples(std::uint64_t samples) {
        return set(builder_.subscriber_max_borrowed_samples(samples));
    }
    PublishSubscribeBuilder& max_publishers(std::uint64_t count) {
        return set(builder_.max_publishers(count));
    }
    PublishSubscribeBuilder& max_subscribers(std::uint64_t count) {
        return set(builder_.max_subscribers(count));
    }
    PublishSubscribeBuilder& max_nodes(std::uint64_t count) { return set(builder_.max_nodes(count)); }
    PublishSubscribeBuilder& payload_alignment(std::uint64_t bytes) {
        return set(builder_.payload_alignment(bytes));
    }

    expected<Service, Error<PublishSubscribeCreateError>> create() const { return typed(builder_.create()); }
    expected<Service, Error<PublishSubscribeOpenError>> open() const { return typed(builder_.open()); }
    expected<Service, Error<PublishSubscribeOpenOrCreateError>> open_or_create() const {
        return typed(builder_.open_or_create());
    }
    expected<Service, Error<PublishSubscribeCreateError>> create_with_attributes(
        const AttributeSpecifier& attributes) const {
        return typed(builder_.create_with_attributes(attributes));
    }
    expected<Service, Error<PublishSubscribeOpenError>> open_with_attributes(
        const AttributeVerifier& required) const {
        return typed(builder_.open_with_attributes(required));
    }
    expected<Service, Error<PublishSubscribeOpenOrCreateError>> open_or_create_with_attributes(
        const AttributeVerifier& required) const {
        return typed(builder_.open_or_create_with_attributes(required));
    }

 private:
    PublishSubscribeBuilder& set(untyped::PublishSubscribeBuilder&) { return *this; }

    template <class Code>
    static expected<Service, Error<Code>> typed(
        expected<untyped::PublishSubscribeService, Error<Code>> opened) {
        if (!opened) return unexpected{std::move(opened.error())};
        return Service{std::move(*opened)};
    }

    untyped::PublishSubscribeBuilder builder_;
};

}  // namespace ipc
