// SPDX-License-Identifier: Apache-2.0
#include "port/wake.hpp"

#include "catch.hpp"
#include "shm/unique_fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

using ipc::port::drain;
using ipc::port::wake;

namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
        readable = ipc::shm::UniqueFd{ends[0]};
        writable = ipc::shm::UniqueFd{ends[1]};
    }
    ipc::shm::UniqueFd readable;
    ipc::shm::UniqueFd writable;
};

}  // namespace

TEST_CASE("a handle that was woken is found so once", "[pubsub][waiting]") {
    Pipe pipe;
    CHECK_FALSE(drain(pipe.readable.get()));
    wake(pipe.writable.get());
    wake(pipe.writable.get());
    CHECK(drain(pipe.readable.get()));
    CHECK_FALSE(drain(pipe.readable.get()));
}

TEST_CASE("waking a full handle does not block, and it is drained empty", "[pubsub][waiting]") {
    Pipe pipe;
    for (int i = 0; i < 100'000; ++i) wake(pipe.writable.get());
    CHECK(drain(pipe.readable.get()));
    CHECK_FALSE(drain(pipe.readable.get()));
}

TEST_CASE("waking somebody who is gone raises no SIGPIPE", "[pubsub][waiting]") {
    Pipe pipe;
    pipe.readable.reset();
    wake(pipe.writable.get());
    wake(-1);
    SUCCEED("still here");
}
