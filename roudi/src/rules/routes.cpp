// SPDX-License-Identifier: Apache-2.0
#include "rules/routes.hpp"

#include "rules/event.hpp"
#include "rules/publish_subscribe.hpp"
#include "rules/request_response.hpp"

#include <array>

namespace roudi {

std::span<const Route> routes() {
    using Kind = wire::PortKind;
    static constexpr std::array all{
        Route{.sender = Kind::Publisher, .receiver = Kind::Subscriber, .plan = plan_delivery},
        Route{.sender = Kind::Notifier, .receiver = Kind::Listener, .plan = plan_events},
        Route{.sender = Kind::Client, .receiver = Kind::Server, .plan = plan_requests},
    };
    return all;
}

}  // namespace roudi
