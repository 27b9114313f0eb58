// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/policy.hpp"
#include "registry/entities.hpp"
#include "rules/rejection.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace roudi {

struct Verdict {
    bool allowed = false;
    std::string_view why;  // the place of the rule that says so, or what holds without one
};

// Who may do what: the one place that decides. Root may do everything. Else the first rule decides that is
// about the service, the user or a group of his, and the action. Without one, everybody may create a service,
// and the rest is for the user that created it.
class Permissions {
 public:
    explicit Permissions(const Policy& policy) : policy_{policy} {}

    // Holds for what is asked from now on; what was granted stays.
    void change(const Policy& policy) { policy_ = policy; }

    // `creator`: of the service, if somebody has created it.
    Verdict verdict(Action action, std::string_view service, std::optional<uid_t> creator,
                    const Identity& who) const;
    Verdict verdict(Action action, const Service& service, const Identity& who) const {
        return verdict(action, service.name, service.creator.identity.uid, who);
    }

    // The refusal says who would have had to be who.
    Granted<void> check_create(const std::string& service, const Identity& who) const;
    Granted<void> check(Action action, const Service& service, const Identity& who) const;
    // Whatever a port of this kind does.
    Granted<void> check_port(wire::PortKind kind, const Service& service, const Identity& who) const;
    bool may_observe(const Service& service, const Identity& who) const {
        return verdict(Action::Observe, service, who).allowed;
    }

    const Policy& policy() const { return policy_; }

 private:
    Policy policy_;
};

// Whether a rule is about somebody.
bool concerns(const PolicyRule& rule, const Identity& who);

}  // namespace roudi
