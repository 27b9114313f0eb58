// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/callback_progression.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipc {

// Something that a service's creator says of it, in words of his own: who made it, which version of a
// format it carries. The library and the broker compare attributes and make nothing of them.
struct Attribute {
    std::string key;    // 1 to 64 bytes of UTF-8
    std::string value;  // up to 256 bytes of UTF-8

    friend auto operator<=>(const Attribute&, const Attribute&) = default;
};

// The attributes of a service, sorted by key and value: at most 16. A key may have several values; the same
// value twice is there once.
class AttributeSet {
 public:
    void insert(Attribute attribute) {
        const auto at = std::lower_bound(attributes_.begin(), attributes_.end(), attribute);
        if (at == attributes_.end() || *at != attribute) attributes_.insert(at, std::move(attribute));
    }

    std::size_t number_of_attributes() const { return attributes_.size(); }
    std::size_t number_of_key_values(std::string_view key) const { return values_of(key).size(); }
    // The index-th value of the key; nothing where it has fewer.
    std::optional<std::string_view> key_value(std::string_view key, std::size_t index = 0) const {
        const auto values = values_of(key);
        if (index >= values.size()) return std::nullopt;
        return values[index];
    }
    // Calls back for each value of the key, until it is told to stop.
    void iter_key_values(std::string_view key,
                         const std::function<CallbackProgression(std::string_view)>& callback) const {
        for (const std::string_view value : values_of(key))
            if (callback(value) == CallbackProgression::Stop) return;
    }

    std::vector<Attribute>::const_iterator begin() const { return attributes_.begin(); }
    std::vector<Attribute>::const_iterator end() const { return attributes_.end(); }

    friend bool operator==(const AttributeSet&, const AttributeSet&) = default;

 private:
    std::vector<std::string_view> values_of(std::string_view key) const {
        std::vector<std::string_view> values;
        for (const Attribute& attribute : attributes_)
            if (attribute.key == key) values.emplace_back(attribute.value);
        return values;
    }

    std::vector<Attribute> attributes_;
};

// What a service is to have that is created with create_with_attributes(). More than the limits of
// AttributeSet are an InvalidSetting there.
class AttributeSpecifier {
 public:
    AttributeSpecifier& define(std::string key, std::string value) {
        attributes_.insert({.key = std::move(key), .value = std::move(value)});
        return *this;
    }

    const AttributeSet& attributes() const { return attributes_; }

 private:
    AttributeSet attributes_;
};

// What a service has to have to be opened with open_with_attributes(); it may have more.
class AttributeVerifier {
 public:
    AttributeVerifier& require(std::string key, std::string value) {
        attributes_.insert({.key = std::move(key), .value = std::move(value)});
        return *this;
    }
    // Whatever its value.
    AttributeVerifier& require_key(std::string key) {
        keys_.push_back(std::move(key));
        return *this;
    }

    const AttributeSet& attributes() const { return attributes_; }
    const std::vector<std::string>& keys() const { return keys_; }

 private:
    AttributeSet attributes_;
    std::vector<std::string> keys_;
};

}  // namespace ipc
