// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/description.hpp"
#include "rules/rejection.hpp"

#include <cstdint>
#include <optional>
#include <string>

// How what somebody asks for is compared with what an existing service has: tables of settings, one for each
// pattern. Only what was asked for is compared.
namespace roudi {

// A number, of which the service has to have at least as much.
template <class Settings, class Requirements>
struct Minimum {
    const char* name;
    std::uint64_t Settings::*has;
    std::optional<std::uint64_t> Requirements::*asked;
    wire::Refusal refusal;
};

// A property that the service has to have, or not to have.
template <class Settings, class Requirements>
struct Flag {
    const char* name;
    bool Settings::*has;
    std::optional<bool> Requirements::*asked;
    wire::Refusal refusal;
};

// A value that has to be the same, or to be absent in the service too.
template <class Settings, class Requirements>
struct Exact {
    const char* name;
    std::optional<std::uint64_t> Settings::*has;
    std::optional<std::optional<std::uint64_t>> Requirements::*asked;
    wire::Refusal refusal;
};

template <class Settings, class Requirements>
Granted<void> compare(const Minimum<Settings, Requirements>& minimum, const Service& service,
                      const Settings& settings, const Requirements& requirements) {
    const auto has = settings.*minimum.has;
    const auto& asked = requirements.*minimum.asked;
    if (!asked || *asked <= has) return {};
    return reject(minimum.refusal, describe(service) + " has " + minimum.name + " " + std::to_string(has) +
                                       ", and at least " + std::to_string(*asked) + " was asked for");
}

template <class Settings, class Requirements>
Granted<void> compare(const Flag<Settings, Requirements>& flag, const Service& service,
                      const Settings& settings, const Requirements& requirements) {
    const bool has = settings.*flag.has;
    const auto& asked = requirements.*flag.asked;
    if (!asked || *asked == has) return {};
    return reject(flag.refusal, describe(service) + " has " + flag.name + (has ? " on" : " off") + ", and " +
                                    (*asked ? "on" : "off") + " was asked for");
}

template <class Settings, class Requirements>
Granted<void> compare(const Exact<Settings, Requirements>& exact, const Service& service,
                      const Settings& settings, const Requirements& requirements) {
    const auto shown = [](const std::optional<std::uint64_t>& value) {
        return value ? std::to_string(*value) : "none";
    };
    const auto& has = settings.*exact.has;
    const auto& asked = requirements.*exact.asked;
    if (!asked || *asked == has) return {};
    return reject(exact.refusal, describe(service) + " has " + exact.name + " " + shown(has) + ", and " +
                                     shown(*asked) + " was asked for");
}

// The first of a table that is not met.
template <class Table, class Settings, class Requirements>
Granted<void> compare_all(const Table& table, const Service& service, const Settings& settings,
                          const Requirements& requirements) {
    for (const auto& entry : table) {
        if (auto fine = compare(entry, service, settings, requirements); !fine) return fine;
    }
    return {};
}

}  // namespace roudi
