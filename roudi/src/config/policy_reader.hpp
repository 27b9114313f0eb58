// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/policy.hpp"

#include <cstdint>
#include <string>

namespace roudi {

// Puts a policy together from the events of a JSON parser, beginning behind the list's bracket. Each event
// returns what is wrong with it, or an empty text.
class PolicyReader {
 public:
    std::string begin_object(std::string from);
    std::string end_object();
    std::string key(const std::string& name);
    std::string begin_list();
    // The list of rules is over.
    bool end_list();
    std::string text(const std::string& value);
    std::string number(std::uint64_t value);
    // Of any other kind.
    std::string value(const std::string& shown) const;

    Policy take() { return std::move(policy_); }

 private:
    std::string add_principal(const std::string& name);

    Policy policy_;
    std::string key_;  // of the rule that is being read
    bool in_rule_ = false;
    bool in_list_ = false;
};

}  // namespace roudi
