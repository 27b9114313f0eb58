// SPDX-License-Identifier: Apache-2.0
#include "port/wake.hpp"

#include "catch.hpp"
#include "control/wake_set.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <thread>

using ipc::control::WakeSet;
using ipc::port::drain;
using ipc::port::wake;
using ipc::shm::UniqueFd;
using ipc::wire::Uuid;

namespace {

struct Line {
    Line() {
        std::array<int, 2> ends{-1, -1};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        waker = UniqueFd{ends[0]};
        woken = UniqueFd{ends[1]};
        REQUIRE(::shutdown(ends[0], SHUT_RDWR) == 0);
    }
    UniqueFd waker;
    UniqueFd woken;
};

struct Sleeping {
    std::shared_ptr<WakeSet> set = WakeSet::create().value();

    // Its other end.
    UniqueFd add(Uuid connection) const {
        Line line;
        REQUIRE(set->add(connection, std::move(line.woken)));
        return std::move(line.waker);
    }
    bool is_readable() const {
        pollfd looked_at{.fd = set->descriptor(), .events = POLLIN, .revents = 0};
        return ::poll(&looked_at, 1, 0) == 1;
    }
    bool was_woken() const { return drain(set->descriptor()); }
};

}  // namespace

TEST_CASE("whoever was woken finds it so once, however often", "[pubsub][waiting]") {
    const Sleeping sleeping;
    CHECK_FALSE(sleeping.was_woken());
    const UniqueFd one = sleeping.add({1, 1});
    const UniqueFd other = sleeping.add({1, 2});
    CHECK(sleeping.was_woken());  // that there are new ones
    for (const UniqueFd* line : {&one, &other, &one}) {
        CHECK_FALSE(sleeping.is_readable());
        for (int i = 0; i < 100; ++i) wake(line->get());
        CHECK(sleeping.is_readable());
        CHECK(sleeping.was_woken());
        CHECK_FALSE(sleeping.was_woken());
    }
    sleeping.set->wake();
    sleeping.set->wake();
    CHECK(sleeping.was_woken());
    CHECK_FALSE(sleeping.is_readable());
}

TEST_CASE("waking somebody who is gone does nothing", "[pubsub][waiting]") {
    const Sleeping sleeping;
    const UniqueFd line = sleeping.add({1, 1});
    sleeping.set->remove({1, 1});
    wake(line.get());
    wake(-1);
    (void)sleeping.was_woken();
    wake(line.get());
    CHECK_FALSE(sleeping.is_readable());
}

TEST_CASE("a line takes the place of the one before, and what has none is known", "[pubsub][waiting]") {
    const Sleeping sleeping;
    CHECK_FALSE(sleeping.set->is_incomplete());
    sleeping.set->expect({1, 1});
    CHECK(sleeping.set->is_incomplete());
    const UniqueFd first = sleeping.add({1, 1});
    CHECK_FALSE(sleeping.set->is_incomplete());
    const UniqueFd second = sleeping.add({1, 1});
    (void)sleeping.was_woken();
    wake(first.get());
    CHECK_FALSE(sleeping.is_readable());
    wake(second.get());
    CHECK(sleeping.is_readable());
    sleeping.set->expect({1, 2});
    sleeping.set->remove({1, 2});
    CHECK_FALSE(sleeping.set->is_incomplete());
}

TEST_CASE("somebody who wakes without a pause keeps nobody from sleeping", "[pubsub][waiting]") {
    const Sleeping sleeping;
    const UniqueFd line = sleeping.add({1, 1});
    std::atomic<bool> stop{false};
    std::thread busy{[&] {
        while (!stop) wake(line.get());
    }};
    for (int i = 0; i < 1000; ++i) (void)sleeping.was_woken();  // each of them returns
    stop = true;
    busy.join();
    (void)sleeping.was_woken();
    CHECK_FALSE(sleeping.was_woken());
}
