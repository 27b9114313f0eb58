// SPDX-License-Identifier: Apache-2.0
#include "registry/ledger.hpp"

#include "catch.hpp"
#include "registry/record_numbers.hpp"

using roudi::Account;
using roudi::Ledger;
using roudi::Resource;
using roudi::Usage;

namespace {

const roudi::Identity somebody{.pid = 11, .uid = 1000, .gid = 1000, .groups = {}};
const roudi::Identity somebody_else{.pid = 12, .uid = 1000, .gid = 1000, .groups = {}};

roudi::Quotas quotas() {
    roudi::Quotas result;
    result.session[Resource::Ports] = 3;
    result.user[Resource::Ports] = 4;
    return result;
}

Usage ports(std::uint64_t number) {
    return Usage{}.with(Resource::Ports, number);
}

}  // namespace

TEST_CASE("what is charged is paid back by the end of the charge") {
    Ledger ledger{quotas()};
    const auto account = std::make_shared<Account>(ledger, somebody);
    {
        const auto charge = ledger.charge(account, ports(3));
        REQUIRE(charge);
        CHECK(ledger.total() == ports(3));
        CHECK_FALSE(ledger.charge(account, ports(1)));
    }
    CHECK(ledger.total() == Usage{});
    CHECK(ledger.charge(account, ports(3)));
}

TEST_CASE("a charge that was paid back can grow again") {
    Ledger ledger{quotas()};
    const auto account = std::make_shared<Account>(ledger, somebody);
    auto grows = ledger.charge(account, ports(1)).value();
    grows.absorb(ledger.charge(account, ports(2)).value());
    CHECK(ledger.total() == ports(3));
    grows.refund();
    CHECK(ledger.total() == Usage{});
    grows.absorb(ledger.charge(account, ports(1)).value());
    CHECK(ledger.total() == ports(1));
    grows.refund();
    CHECK(ledger.total() == Usage{});
}

TEST_CASE("a user's sessions share the user's quota") {
    Ledger ledger{quotas()};
    const auto first = std::make_shared<Account>(ledger, somebody);
    const auto second = std::make_shared<Account>(ledger, somebody_else);
    const auto charge = ledger.charge(first, ports(3));
    REQUIRE(ledger.charge(second, ports(1)));
    const auto refused = ledger.charge(second, ports(2));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("process 11 with 3") != std::string::npos);
    CHECK(ledger.users().at(1000) == ports(3));
}

TEST_CASE("a charge outlives its session and is paid back to the user all the same") {
    Ledger ledger{quotas()};
    auto account = std::make_shared<Account>(ledger, somebody);
    auto charge = ledger.charge(account, ports(2));
    account.reset();
    CHECK(ledger.total() == ports(2));
    charge->refund();
    charge = {};
    CHECK(ledger.total() == Usage{});
    CHECK(ledger.users().empty());
}

TEST_CASE("an amount that no number can hold is refused") {
    Ledger ledger{quotas()};
    const auto account = std::make_shared<Account>(ledger, somebody);
    const auto charge = ledger.charge(account, ports(1));
    CHECK_FALSE(ledger.charge(account, ports(~std::uint64_t{0})));
    CHECK(ledger.total() == ports(1));
}

TEST_CASE("a quota that is lowered below what is used refuses more and takes nothing") {
    Ledger ledger{quotas()};
    const auto account = std::make_shared<Account>(ledger, somebody);
    const auto charge = ledger.charge(account, ports(3));
    auto lower = quotas();
    lower.session[Resource::Ports] = 1;
    ledger.change(lower);
    CHECK_FALSE(ledger.charge(account, ports(1)));
    CHECK(ledger.total() == ports(3));
}

TEST_CASE("records are handed out once and again when they are free") {
    roudi::RecordNumbers numbers;
    std::vector<roudi::Record> taken;
    for (std::uint64_t i = 0; i < ipc::layout::Counters::record_count; ++i)
        taken.push_back(std::move(*numbers.take()));
    CHECK(taken.back().number() == ipc::layout::Counters::record_count - 1);
    CHECK_FALSE(numbers.take());
    taken.erase(taken.begin() + 7);
    const auto again = numbers.take();
    REQUIRE(again);
    CHECK_FALSE(numbers.take());
}
