// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/settings.hpp"
#include "registry/identity.hpp"
#include "registry/usage.hpp"
#include "rules/rejection.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace roudi {

class Ledger;

// What one session uses. Lives as long as something is charged to it, which can be longer than the session.
class Account {
 public:
    Account(Ledger& ledger, const Identity& owner);
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;
    ~Account();

    const Identity& owner() const { return owner_; }
    const Usage& usage() const { return usage_; }

    std::string node_name;

 private:
    friend class Ledger;
    friend class Charge;
    Ledger& ledger_;
    Identity owner_;
    Usage usage_;
};

// An amount that is charged to an account, and to its user, for as long as this object lives.
class Charge {
 public:
    Charge() = default;
    Charge(Charge&& other) noexcept = default;
    Charge& operator=(Charge&& other) noexcept;
    ~Charge() { refund(); }

    void refund();
    // Adds what another charge has, to the same account or to none yet.
    void absorb(Charge more);

 private:
    friend class Ledger;
    Charge(std::shared_ptr<Account> account, const Usage& amounts)
        : account_{std::move(account)}, amounts_{amounts} {}

    std::shared_ptr<Account> account_;
    Usage amounts_;
};

// Who uses how much, and the quotas on that: per session, and per user over all sessions.
class Ledger {
 public:
    explicit Ledger(const Quotas& quotas) : quotas_{quotas} {}

    // Holds for what is charged from now on; what was granted stays.
    void change(const Quotas& quotas) { quotas_ = quotas; }

    // All or nothing. The refusal names the quota, its value, and who uses most of it.
    Granted<Charge> charge(const std::shared_ptr<Account>& account, const Usage& amounts);

    Usage total() const;
    std::map<uid_t, Usage> users() const;
    // A user's sessions, the one that uses most of a resource first, up to so many.
    std::vector<const Account*> biggest_users(uid_t user, Resource resource, std::size_t most) const;
    const Quotas& quotas() const { return quotas_; }

 private:
    friend class Account;
    friend class Charge;

    struct User {
        Usage usage;
        std::set<const Account*> accounts;
    };

    Quotas quotas_;
    std::unordered_map<uid_t, User> users_;
};

}  // namespace roudi
