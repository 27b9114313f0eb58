// SPDX-License-Identifier: Apache-2.0
// Each quota by the key that sets it.
#include "catch.hpp"
#include "config/keys.hpp"
#include "registry/ledger.hpp"

#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

using roudi::Account;
using roudi::Charge;
using roudi::Ledger;
using roudi::Resource;
using roudi::Usage;

namespace {

struct Quota {
    std::string key;
    Resource resource;
    bool of_user;
};

const std::vector<Quota> all_quotas{
    {"quota.session.services", Resource::Services, false},
    {"quota.session.ports", Resource::Ports, false},
    {"quota.session.connections", Resource::Connections, false},
    {"quota.session.segment_bytes", Resource::SegmentBytes, false},
    {"quota.session.descriptors", Resource::Descriptors, false},
    {"quota.user.sessions", Resource::Sessions, true},
    {"quota.user.nodes", Resource::Nodes, true},
    {"quota.user.services", Resource::Services, true},
    {"quota.user.ports", Resource::Ports, true},
    {"quota.user.connections", Resource::Connections, true},
    {"quota.user.segment_bytes", Resource::SegmentBytes, true},
    {"quota.user.descriptors", Resource::Descriptors, true},
};

constexpr std::uint64_t unbounded = 1'000'000;
constexpr std::uint64_t bound = 60;

// Nothing is bounded but by this one.
roudi::Quotas only(const std::string& key) {
    roudi::Settings settings;
    for (std::size_t i = 0; i < roudi::resource_names.size(); ++i)
        settings.quotas.session[static_cast<Resource>(i)] = settings.quotas.user[static_cast<Resource>(i)] =
            unbounded;
    for (const roudi::Key& known : roudi::keys_of(settings))
        if (known.name == key) known.set(bound);
    return settings.quotas;
}

// Sessions of one user.
class Sessions {
 public:
    explicit Sessions(const Quota& quota) : quota_{quota}, ledger_{only(quota.key)} {}

    std::shared_ptr<Account> open(pid_t pid, const std::string& node) {
        auto account = std::make_shared<Account>(
            ledger_, roudi::Identity{.pid = pid, .uid = 1000, .gid = 1000, .groups = {}});
        account->node_name = node;
        return account;
    }
    void use(const std::shared_ptr<Account>& account, std::uint64_t amount) {
        charges_.push_back(ledger_.charge(account, Usage{}.with(quota_.resource, amount)).value());
    }
    std::string refusal_of_one_more(const std::shared_ptr<Account>& account) {
        const Usage before = ledger_.total();
        const auto refused = ledger_.charge(account, Usage{}.with(quota_.resource, 1));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ipc::wire::Refusal::ExceedsQuota);
        CHECK(ledger_.total() == before);
        return refused.error().message;
    }

 private:
    Quota quota_;
    Ledger ledger_;
    std::vector<Charge> charges_;
};

void check_message(const Quota& quota, const std::string& message, const std::string& who) {
    using Catch::Matchers::Contains;
    CHECK_THAT(message, Contains("the quota " + quota.key + " allows 60"));
    CHECK_THAT(message, Contains(who));
    CHECK_THAT(message, Contains("asks for 1 more"));
}

}  // namespace

TEST_CASE("every quota that can be configured is tried") {
    roudi::Settings settings;
    std::set<std::string> configurable;
    for (const roudi::Key& key : roudi::keys_of(settings))
        if (key.name.rfind("quota.", 0) == 0) configurable.insert(key.name);
    std::set<std::string> tried;
    for (const Quota& quota : all_quotas) tried.insert(quota.key);
    CHECK(configurable == tried);
}

TEST_CASE("every quota refuses with its name, its value, and who uses it") {
    for (const Quota& quota : all_quotas) {
        INFO(quota.key);
        Sessions sessions{quota};
        const auto least = sessions.open(11, "least");
        const auto most = sessions.open(12, "most");
        const auto nameless = sessions.open(13, "");
        const auto last = sessions.open(14, "last");
        if (quota.of_user) {
            sessions.use(least, 5);
            sessions.use(most, 30);
            sessions.use(nameless, 15);
            sessions.use(last, 10);
            check_message(quota, sessions.refusal_of_one_more(last), "user 1000 uses 60");
            // Three of them, as a user may have thousands.
            check_message(quota, sessions.refusal_of_one_more(least),
                          "most is used by process 12 (node \"most\") with 30, process 13 with 15, "
                          "process 14 (node \"last\") with 10");
        } else {
            sessions.use(most, bound);
            check_message(quota, sessions.refusal_of_one_more(most), "the session of process 12 uses 60");
            sessions.use(last, bound);  // and bounds nobody else
        }
    }
}
