// SPDX-License-Identifier: Apache-2.0
#include "service/asked_attributes.hpp"
#include "service/inquiry.hpp"
#include "service/service_handle.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/untyped/publish_subscribe.hpp>
#include <ipc/untyped/publisher.hpp>
#include <ipc/untyped/subscriber.hpp>

namespace ipc::untyped {

const std::string& PublishSubscribeService::name() const {
    return handle_->name();
}

const std::string& PublishSubscribeService::service_hash() const {
    return handle_->hash();
}

bool PublishSubscribeService::was_created() const {
    return handle_->created();
}

AttributeSet PublishSubscribeService::attributes() const {
    return detail::from_wire(handle_->attributes());
}

PublishSubscribeStaticConfig PublishSubscribeService::static_config() const {
    return detail::from_wire(handle_->settings<wire::PublishSubscribeSettings>());
}

expected<PublishSubscribeDynamicConfig, Error<ServiceDetailsError>> PublishSubscribeService::dynamic_config()
    const {
    return detail::dynamic_config<PublishSubscribeDynamicConfig>(*handle_);
}

PublisherBuilder PublishSubscribeService::publisher_builder() const {
    return PublisherBuilder{handle_};
}

SubscriberBuilder PublishSubscribeService::subscriber_builder() const {
    return SubscriberBuilder{handle_};
}

}  // namespace ipc::untyped
