// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "node/inquiry.hpp"
#include "service/service_handle.hpp"
#include "service/status_objects.hpp"

#include <ipc/service_details.hpp>

#include <utility>
#include <variant>

namespace ipc::detail {

// Who uses an opened service now: asks the broker. `Config` is that of the service's pattern.
template <class Config>
expected<Config, Error<ServiceDetailsError>> dynamic_config(const ServiceHandle& service) {
    auto answer = inquire(*service.session(), "service", service.name());
    if (!answer) return unexpected{std::move(answer.error())};
    auto details = service_details(*answer);
    if (!details) return unexpected{Error{ServiceDetailsError::InternalFailure, std::move(details.error())}};
    auto* config = std::get_if<Config>(&details->dynamic_config);
    if (config == nullptr)
        return unexpected{Error{ServiceDetailsError::InternalFailure,
                                "the broker describes service \"" + service.name() +
                                    "\" as one of another messaging pattern than it was opened with"}};
    return std::move(*config);
}

}  // namespace ipc::detail
