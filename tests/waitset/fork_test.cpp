// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/forked_child.hpp"
#include "waiting_set.hpp"

#include <optional>

#if HARNESS_CHILD_OF_ONE_THREAD_LIVES

using namespace waitset;

TEST_CASE("in a forked child a wait set says so, and its end touches nothing of the parent's",
          "[waitset][fork]") {
    std::optional set{a_wait_set()};
    const Event event;
    std::optional guard{set->attach_notification(event.descriptor()).value()};
    std::optional tick{set->attach_interval(24h).value()};
    const auto handle = set->stop_handle();

    auto child = harness::forked([&] {
        using Run = ipc::WaitSetRunError;
        using Attach = ipc::WaitSetAttachmentError;
        const Event own;
        if (set->wait_and_process(go_on).error() != Run::ForkedProcess) return 1;
        if (set->wait_and_process_once_with_timeout(go_on, 0ns).error() != Run::ForkedProcess) return 2;
        if (set->attach_notification(own.descriptor()).error() != Attach::ForkedProcess) return 3;
        if (set->attach_interval(1s).error() != Attach::ForkedProcess) return 4;
        handle.stop();
        handle.wake();
        guard.reset();
        tick.reset();
        set.reset();
        return 0;
    });
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 0});

    CHECK_FALSE(readable(set->file_descriptor()));
    CHECK(round_of(*set).empty());
    event.raise();
    CHECK(round_of(*set) == ids({&*guard}));
}

#endif
