// SPDX-License-Identifier: Apache-2.0
#include "service/asked_attributes.hpp"
#include "service/inquiry.hpp"
#include "service/service_handle.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/untyped/request_response.hpp>

namespace ipc::untyped {

const std::string& RequestResponseService::name() const {
    return handle_->name();
}

const std::string& RequestResponseService::service_hash() const {
    return handle_->hash();
}

bool RequestResponseService::was_created() const {
    return handle_->created();
}

AttributeSet RequestResponseService::attributes() const {
    return detail::from_wire(handle_->attributes());
}

RequestResponseStaticConfig RequestResponseService::static_config() const {
    return detail::from_wire(handle_->settings<wire::RequestResponseSettings>());
}

expected<RequestResponseDynamicConfig, Error<ServiceDetailsError>> RequestResponseService::dynamic_config()
    const {
    return detail::dynamic_config<RequestResponseDynamicConfig>(*handle_);
}

ClientBuilder RequestResponseService::client_builder() const {
    return ClientBuilder{handle_};
}

ServerBuilder RequestResponseService::server_builder() const {
    return ServerBuilder{handle_};
}

}  // namespace ipc::untyped
