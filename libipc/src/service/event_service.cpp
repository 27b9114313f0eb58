// SPDX-License-Identifier: Apache-2.0
#include "service/asked_attributes.hpp"
#include "service/inquiry.hpp"
#include "service/service_handle.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/event.hpp>

namespace ipc {

const std::string& EventService::name() const {
    return handle_->name();
}

const std::string& EventService::service_hash() const {
    return handle_->hash();
}

bool EventService::was_created() const {
    return handle_->created();
}

AttributeSet EventService::attributes() const {
    return detail::from_wire(handle_->attributes());
}

EventStaticConfig EventService::static_config() const {
    return detail::from_wire(handle_->settings<wire::EventSettings>());
}

expected<EventDynamicConfig, Error<ServiceDetailsError>> EventService::dynamic_config() const {
    return detail::dynamic_config<EventDynamicConfig>(*handle_);
}

}  // namespace ipc
