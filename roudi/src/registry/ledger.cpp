// SPDX-License-Identifier: Apache-2.0
#include "registry/ledger.hpp"

#include <algorithm>

namespace roudi {

namespace {

// "process 11 (node "n") with 5, process 12 with 4".
std::string list_of(const std::vector<const Account*>& accounts, Resource resource) {
    std::string list;
    for (const Account* account : accounts) {
        if (account->usage()[resource] == 0) break;
        list += (list.empty() ? "" : ", ") + std::string{"process "} + std::to_string(account->owner().pid) +
                (account->node_name.empty() ? "" : " (node \"" + account->node_name + "\")") + " with " +
                std::to_string(account->usage()[resource]);
    }
    return list.empty() ? "nobody" : list;
}

}  // namespace

Account::Account(Ledger& ledger, const Identity& owner) : ledger_{ledger}, owner_{owner} {
    ledger_.users_[owner_.uid].accounts.insert(this);
}

Account::~Account() {
    const auto user = ledger_.users_.find(owner_.uid);
    user->second.accounts.erase(this);
    if (user->second.accounts.empty()) ledger_.users_.erase(user);
}

Charge& Charge::operator=(Charge&& other) noexcept {
    if (this != &other) {
        refund();
        account_ = std::move(other.account_);
        amounts_ = other.amounts_;
    }
    return *this;
}

void Charge::refund() {
    if (!account_) return;
    account_->usage_ -= amounts_;
    account_->ledger_.users_.at(account_->owner_.uid).usage -= amounts_;
    account_.reset();
    amounts_ = {};
}

void Charge::absorb(Charge more) {
    if (!account_) {
        account_ = more.account_;
        amounts_ = {};  // what was refunded before
    }
    amounts_ += more.amounts_;
    more.account_.reset();
}

Granted<Charge> Ledger::charge(const std::shared_ptr<Account>& account, const Usage& amounts) {
    User& user = users_.at(account->owner_.uid);
    for (std::size_t i = 0; i < resource_names.size(); ++i) {
        const auto resource = static_cast<Resource>(i);
        const std::uint64_t asked = amounts[resource];
        // Used amounts are below quotas that may have been lowered since: no subtraction may wrap.
        const auto exceeds = [asked](std::uint64_t used, std::uint64_t quota) {
            return asked > 0 && (used > quota || asked > quota - used);
        };
        const std::string name{resource_names[i]};
        const std::uint64_t in_session = account->usage_[resource];
        if (exceeds(in_session, quotas_.session[resource]))
            return reject(wire::Refusal::ExceedsQuota,
                          "the session of process " + std::to_string(account->owner_.pid) + " uses " +
                              std::to_string(in_session) + " " + name + " and asks for " +
                              std::to_string(asked) + " more, and the quota quota.session." + name +
                              " allows " + std::to_string(quotas_.session[resource]));
        if (exceeds(user.usage[resource], quotas_.user[resource]))
            return reject(wire::Refusal::ExceedsQuota,
                          "user " + std::to_string(account->owner_.uid) + " uses " +
                              std::to_string(user.usage[resource]) + " " + name + " and asks for " +
                              std::to_string(asked) + " more, and the quota quota.user." + name + " allows " +
                              std::to_string(quotas_.user[resource]) + "; most is used by " +
                              list_of(biggest_users(account->owner_.uid, resource, 3), resource));
    }
    account->usage_ += amounts;
    user.usage += amounts;
    return Charge{account, amounts};
}

std::vector<const Account*> Ledger::biggest_users(uid_t uid, Resource resource, std::size_t most) const {
    const auto user = users_.find(uid);
    if (user == users_.end()) return {};
    std::vector<const Account*> accounts(user->second.accounts.begin(), user->second.accounts.end());
    const auto end = accounts.begin() + static_cast<std::ptrdiff_t>(std::min(most, accounts.size()));
    std::partial_sort(accounts.begin(), end, accounts.end(),
                      [resource](const Account* left, const Account* right) {
                          return left->usage()[resource] > right->usage()[resource];
                      });
    accounts.erase(end, accounts.end());
    return accounts;
}

Usage Ledger::total() const {
    Usage sum;
    for (const auto& [uid, user] : users_) sum += user.usage;
    return sum;
}

std::map<uid_t, Usage> Ledger::users() const {
    std::map<uid_t, Usage> result;
    for (const auto& [uid, user] : users_) result[uid] = user.usage;
    return result;
}

}  // namespace roudi
