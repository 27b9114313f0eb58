// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "waiting_set.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <optional>

using namespace waitset;

TEST_CASE("in a forked child a wait set says so, and its end touches nothing of the parent's",
          "[waitset][fork]") {
    std::optional set{a_wait_set()};
    const Event event;
    std::optional guard{set->attach_notification(event.descriptor()).value()};
    std::optional tick{set->attach_interval(24h).value()};
    const auto handle = set->stop_handle();

    const pid_t child = ::fork();
    if (child == 0) {
        const Event own;
        int found = 0;
        if (set->wait_and_process(go_on).error() != ipc::WaitSetRunError::ForkedProcess) found = 1;
        if (set->wait_and_process_once_with_timeout(go_on, 0ns).error() !=
            ipc::WaitSetRunError::ForkedProcess)
            found = 2;
        if (set->attach_notification(own.descriptor()).error() != ipc::WaitSetAttachmentError::ForkedProcess)
            found = 3;
        if (set->attach_interval(1s).error() != ipc::WaitSetAttachmentError::ForkedProcess) found = 4;
        handle.stop();
        handle.wake();
        guard.reset();
        tick.reset();
        set.reset();
        ::_exit(found);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);

    CHECK_FALSE(readable(set->file_descriptor()));
    CHECK(round_of(*set).empty());
    event.raise();
    CHECK(round_of(*set) == ids({&*guard}));
}
