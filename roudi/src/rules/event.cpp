// SPDX-License-Identifier: Apache-2.0
#include "rules/event.hpp"

#include "layout/event_connection.hpp"
#include "layout/limits.hpp"
#include "rules/description.hpp"
#include "rules/range.hpp"
#include "rules/requirements.hpp"

#include <array>
#include <string>

namespace roudi {

namespace layout = ipc::layout;

namespace {

using Offered = wire::EventSettings;
using Asked = wire::EventRequirements;

constexpr std::array minima{
    Minimum<Offered, Asked>{"event_id_max_value", &Offered::event_id_max_value, &Asked::event_id_max_value,
                            wire::Refusal::DoesNotSupportRequestedMaxEventId},
    Minimum<Offered, Asked>{"max_notifiers", &Offered::max_notifiers, &Asked::max_notifiers,
                            wire::Refusal::DoesNotSupportRequestedAmountOfNotifiers},
    Minimum<Offered, Asked>{"max_listeners", &Offered::max_listeners, &Asked::max_listeners,
                            wire::Refusal::DoesNotSupportRequestedAmountOfListeners},
    Minimum<Offered, Asked>{"max_nodes", &Offered::max_nodes, &Asked::max_nodes,
                            wire::Refusal::DoesNotSupportRequestedAmountOfNodes},
};

constexpr std::array values{
    Exact<Offered, Asked>{"deadline (in ns)", &Offered::deadline_ns, &Asked::deadline_ns,
                          wire::Refusal::IncompatibleDeadline},
    Exact<Offered, Asked>{"notifier_created_event", &Offered::notifier_created_event,
                          &Asked::notifier_created_event, wire::Refusal::IncompatibleNotifierCreatedEvent},
    Exact<Offered, Asked>{"notifier_dropped_event", &Offered::notifier_dropped_event,
                          &Asked::notifier_dropped_event, wire::Refusal::IncompatibleNotifierDroppedEvent},
    Exact<Offered, Asked>{"notifier_dead_event", &Offered::notifier_dead_event, &Asked::notifier_dead_event,
                          wire::Refusal::IncompatibleNotifierDeadEvent},
};

}  // namespace

Granted<void> check_settings(const Offered& s) {
    const std::array ranges{
        Range{"event_id_max_value", s.event_id_max_value, 0, layout::max_event_id},
        Range{"max_notifiers", s.max_notifiers, 1, layout::max_ports_per_service},
        Range{"max_listeners", s.max_listeners, 1, layout::max_ports_per_service},
        Range{"max_nodes", s.max_nodes, 1, layout::max_ports_per_service},
        Range{"deadline (in ns)", s.deadline_ns.value_or(1), 1, longest_ns},
        Range{"notifier_created_event", s.notifier_created_event.value_or(0), 0, s.event_id_max_value},
        Range{"notifier_dropped_event", s.notifier_dropped_event.value_or(0), 0, s.event_id_max_value},
        Range{"notifier_dead_event", s.notifier_dead_event.value_or(0), 0, s.event_id_max_value},
    };
    return check_ranges(ranges);
}

Granted<void> check_requirements(const Service& service, const Offered& has,
                                 const wire::EventRequest& asked) {
    if (auto fine = compare_all(minima, service, has, asked.requirements); !fine) return fine;
    return compare_all(values, service, has, asked.requirements);
}

Granted<GrantedPort> grant_port(const Service& service, const Offered& settings,
                                const wire::NotifierSettings& asked) {
    if (asked.default_event_id > settings.event_id_max_value)
        return reject(wire::Refusal::EventIdOutOfBounds, describe(service) + " has event_id_max_value " +
                                                             std::to_string(settings.event_id_max_value) +
                                                             ", and a notifier asked for default_event_id " +
                                                             std::to_string(asked.default_event_id));
    return GrantedPort{.settings = asked};
}

Granted<GrantedPort> grant_port(const Service& /*service*/, const Offered& /*settings*/,
                                const wire::ListenerSettings& asked) {
    return GrantedPort{.settings = asked};
}

ConnectionPlan plan_events(const Port& notifier, const Port& /*listener*/) {
    const auto& settings = std::get<Offered>(notifier.service->settings);
    return {.settings = wire::EventConnection{.event_id_max_value = settings.event_id_max_value},
            .segment_size = layout::event_connection(settings.event_id_max_value).size};
}

}  // namespace roudi
