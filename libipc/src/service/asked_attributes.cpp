// SPDX-License-Identifier: Apache-2.0
#include "asked_attributes.hpp"

#include "layout/limits.hpp"
#include "service/names.hpp"

namespace ipc::detail {

namespace {

wire::AskedAttributes to_wire(const AttributeSet& attributes, std::vector<std::string> keys) {
    wire::AskedAttributes asked{.attributes = {}, .keys = std::move(keys)};
    for (const Attribute& attribute : attributes)
        asked.attributes.push_back({.key = attribute.key, .value = attribute.value});
    return asked;
}

std::optional<std::string> why_invalid_key(const std::string& key) {
    return why_no_text("an attribute's key", key, 1, layout::max_attribute_key);
}

}  // namespace

wire::AskedAttributes to_wire(const AttributeSpecifier& specifier) {
    return to_wire(specifier.attributes(), {});
}

wire::AskedAttributes to_wire(const AttributeVerifier& verifier) {
    return to_wire(verifier.attributes(), verifier.keys());
}

AttributeSet from_wire(const std::vector<wire::Attribute>& attributes) {
    AttributeSet set;
    for (const wire::Attribute& attribute : attributes)
        set.insert({.key = attribute.key, .value = attribute.value});
    return set;
}

std::optional<std::string> why_invalid(const wire::AskedAttributes& asked) {
    const std::size_t count = asked.attributes.size() + asked.keys.size();
    if (count > layout::max_attributes)
        return "it is asked for with " + std::to_string(count) + " attributes, and at most " +
               std::to_string(layout::max_attributes) + " are allowed";
    for (const wire::Attribute& attribute : asked.attributes) {
        if (auto wrong = why_invalid_key(attribute.key)) return wrong;
        if (auto wrong = why_no_text("the value of attribute \"" + attribute.key + "\"", attribute.value, 0,
                                     layout::max_attribute_value))
            return wrong;
    }
    for (const std::string& key : asked.keys)
        if (auto wrong = why_invalid_key(key)) return wrong;
    return std::nullopt;
}

}  // namespace ipc::detail
