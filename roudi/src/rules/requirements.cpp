// SPDX-License-Identifier: Apache-2.0
#include "rules/requirements.hpp"

#include "wire/enum_names.hpp"

#include <array>
#include <optional>
#include <string>

namespace roudi {

namespace {

using Offered = wire::PublishSubscribeSettings;
using Requirements = wire::PublishSubscribeRequirements;

struct Minimum {
    const char* name;
    std::uint64_t Offered::*has;
    std::optional<std::uint64_t> Requirements::*asked;
    wire::Refusal refusal;
};

constexpr std::array minima{
    Minimum{"payload_alignment", &Offered::payload_alignment, &Requirements::payload_alignment,
            wire::Refusal::IncompatibleTypes},
    Minimum{"history_size", &Offered::history_size, &Requirements::history_size,
            wire::Refusal::DoesNotSupportRequestedMinHistorySize},
    Minimum{"subscriber_max_buffer_size", &Offered::subscriber_max_buffer_size,
            &Requirements::subscriber_max_buffer_size, wire::Refusal::DoesNotSupportRequestedMinBufferSize},
    Minimum{"subscriber_max_borrowed_samples", &Offered::subscriber_max_borrowed_samples,
            &Requirements::subscriber_max_borrowed_samples,
            wire::Refusal::DoesNotSupportRequestedMinSubscriberBorrowedSamples},
    Minimum{"max_publishers", &Offered::max_publishers, &Requirements::max_publishers,
            wire::Refusal::DoesNotSupportRequestedAmountOfPublishers},
    Minimum{"max_subscribers", &Offered::max_subscribers, &Requirements::max_subscribers,
            wire::Refusal::DoesNotSupportRequestedAmountOfSubscribers},
    Minimum{"max_nodes", &Offered::max_nodes, &Requirements::max_nodes,
            wire::Refusal::DoesNotSupportRequestedAmountOfNodes},
};

struct Flag {
    const char* name;
    bool Offered::*has;
    std::optional<bool> Requirements::*asked;
    wire::Refusal refusal;
};

constexpr std::array flags{
    Flag{"enable_safe_overflow", &Offered::safe_overflow, &Requirements::safe_overflow,
         wire::Refusal::IncompatibleOverflowBehavior},
    Flag{"enable_timestamps", &Offered::timestamps, &Requirements::timestamps,
         wire::Refusal::IncompatibleTimestamps},
};

std::string describe(const wire::TypeDetail& type) {
    if (type.name.empty()) return "none";
    return "\"" + type.name + "\" (size " + std::to_string(type.size) + ", alignment " +
           std::to_string(type.alignment) + ", " + std::string{wire::name_of(type.variant)} + ")";
}

}  // namespace

std::string describe(const Service& service) {
    const auto& creator = service.creator;
    return "service \"" + service.name + "\" of process " + std::to_string(creator.identity.pid) +
           " (node \"" + creator.node_name + "\", user " + std::to_string(creator.identity.uid) + ")";
}

Granted<void> check_requirements(const Service& service, const Offered& types,
                                 const Requirements& requirements) {
    const Offered& has = service.settings;
    if (has.payload != types.payload)
        return reject(wire::Refusal::IncompatibleTypes,
                      describe(service) + " has the payload type " + describe(has.payload) +
                          ", and the payload type asked for is " + describe(types.payload));
    if (has.user_header != types.user_header)
        return reject(wire::Refusal::IncompatibleTypes,
                      describe(service) + " has the user header " + describe(has.user_header) +
                          ", and the user header asked for is " + describe(types.user_header));
    for (const Flag& flag : flags) {
        const auto& asked = requirements.*flag.asked;
        if (asked && *asked != has.*flag.has)
            return reject(flag.refusal, describe(service) + " has " + flag.name +
                                            (has.*flag.has ? " on" : " off") + ", and " +
                                            (*asked ? "on" : "off") + " was asked for");
    }
    for (const Minimum& minimum : minima) {
        const auto& asked = requirements.*minimum.asked;
        if (asked && *asked > has.*minimum.has)
            return reject(minimum.refusal, describe(service) + " has " + minimum.name + " " +
                                               std::to_string(has.*minimum.has) + ", and at least " +
                                               std::to_string(*asked) + " was asked for");
    }
    return {};
}

}  // namespace roudi
