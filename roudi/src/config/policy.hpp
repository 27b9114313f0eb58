// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Who may do what with services, as a configuration says it. rules/permissions.hpp decides by it.
namespace roudi {

enum class Action : std::uint8_t {
    Create,   // a service
    Open,     // a service that somebody created
    Send,     // have ports that send in it
    Receive,  // have ports that receive in it
    Observe,  // see it in status
};

inline constexpr std::array<std::string_view, 5> action_names{"create", "open", "send", "receive", "observe"};

class Actions {
 public:
    bool has(Action action) const { return set_[static_cast<std::size_t>(action)]; }
    void add(Action action) { set_[static_cast<std::size_t>(action)] = true; }
    void add_all() { set_.fill(true); }
    bool empty() const { return set_ == std::array<bool, action_names.size()>{}; }
    friend bool operator==(const Actions&, const Actions&) = default;

 private:
    std::array<bool, action_names.size()> set_{};
};

// A user or a group: as it is written, and its number.
struct Principal {
    std::string name;
    std::uint32_t id = 0;
    friend bool operator==(const Principal&, const Principal&) = default;
};

struct PolicyRule {
    std::string services = "*";     // a pattern: * is any text, ? any character
    std::vector<Principal> users;   // where neither users nor groups are named, it is about everybody
    std::vector<Principal> groups;  // likewise
    Actions allow;
    Actions deny;
    std::string from;  // file and line
};

// The first rule that is about somebody, a service and an action decides.
using Policy = std::vector<PolicyRule>;

}  // namespace roudi
