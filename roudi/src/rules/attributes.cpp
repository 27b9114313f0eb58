// SPDX-License-Identifier: Apache-2.0
#include "rules/attributes.hpp"

#include "layout/limits.hpp"
#include "rules/description.hpp"

#include <algorithm>

namespace roudi {

namespace layout = ipc::layout;

namespace {

using Attributes = std::vector<wire::Attribute>;

Granted<void> check_text(const std::string& what, const std::string& text, std::uint64_t shortest,
                         std::uint64_t longest) {
    if (text.size() < shortest || text.size() > longest)
        return reject(wire::Refusal::InvalidSetting, what + " has " + std::to_string(text.size()) +
                                                         " bytes, and " + std::to_string(shortest) + " to " +
                                                         std::to_string(longest) + " are allowed");
    if (text.find('\0') != std::string::npos)
        return reject(wire::Refusal::InvalidSetting, what + " has a NUL, and none is allowed");
    return {};
}

Granted<void> check_count(std::size_t count) {
    if (count <= layout::max_attributes) return {};
    return reject(wire::Refusal::InvalidSetting, std::to_string(count) + " attributes are asked for, and " +
                                                     "at most " + std::to_string(layout::max_attributes) +
                                                     " are allowed");
}

Granted<void> check_asked(const std::optional<wire::AskedAttributes>& asked) {
    if (!asked) return {};
    if (auto fine = check_count(asked->attributes.size() + asked->keys.size()); !fine) return fine;
    for (const std::string& key : asked->keys)
        if (auto fine = check_text("an attribute's key", key, 1, layout::max_attribute_key); !fine)
            return fine;
    return check_attributes(asked->attributes);
}

// "a", "b"; or none.
std::string values_of(const std::string& key, const Attributes& attributes) {
    std::string values;
    for (const wire::Attribute& attribute : attributes)
        if (attribute.key == key) values += (values.empty() ? "\"" : ", \"") + attribute.value + "\"";
    return values.empty() ? "none" : values;
}

bool has_key(const Attributes& attributes, const std::string& key) {
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](const wire::Attribute& attribute) { return attribute.key == key; });
}

}  // namespace

Granted<void> check_attributes(const Attributes& attributes) {
    if (auto fine = check_count(attributes.size()); !fine) return fine;
    for (const wire::Attribute& attribute : attributes) {
        if (auto fine = check_text("an attribute's key", attribute.key, 1, layout::max_attribute_key); !fine)
            return fine;
        if (auto fine = check_text("the value of attribute \"" + attribute.key + "\"", attribute.value, 0,
                                   layout::max_attribute_value);
            !fine)
            return fine;
    }
    return {};
}

Granted<void> check_attributes(const std::string& name, const std::optional<wire::AskedAttributes>& asked) {
    if (auto fine = check_asked(asked); !fine || !asked) return fine;
    for (const std::string& key : asked->keys)
        if (!has_key(asked->attributes, key))
            return reject(wire::Refusal::IncompatibleAttributes,
                          "service \"" + name + "\" would be created without attribute \"" + key +
                              "\", which is required with any value: say which, or open one that has it");
    return {};
}

Granted<void> check_attributes(const Service& service, const std::optional<wire::AskedAttributes>& asked) {
    if (auto fine = check_asked(asked); !fine || !asked) return fine;
    const Attributes& has = service.attributes;
    const auto incompatible = [&](const std::string& key, const std::string& wanted) {
        return reject(wire::Refusal::IncompatibleAttributes, describe(service) + " has attribute \"" + key +
                                                                 "\" " + values_of(key, has) + ", and " +
                                                                 wanted + " was asked for");
    };
    for (const wire::Attribute& wanted : asked->attributes)
        if (std::find(has.begin(), has.end(), wanted) == has.end())
            return incompatible(wanted.key, "\"" + wanted.value + "\"");
    for (const std::string& key : asked->keys)
        if (!has_key(has, key)) return incompatible(key, "any value");
    return {};
}

}  // namespace roudi
