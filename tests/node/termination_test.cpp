// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"
#include "harness/forked_child.hpp"

#include <ipc/ipc.hpp>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <optional>

using namespace std::chrono_literals;

namespace {

std::atomic<int> calls_of_the_applications_handler{0};

void applications_handler(int) {
    ++calls_of_the_applications_handler;
}

ipc::NodeBuilder local_node() {
    return ipc::NodeBuilder{}.local();
}

// Waits until it is asked to terminate, with a node as the test wants it.
ACTOR(waiting_process) {
    const std::string how = arguments.at(0);
    if (how == "with-handler") ::signal(SIGTERM, applications_handler);
    if (how == "ignoring") ::signal(SIGTERM, SIG_IGN);
    auto builder = local_node().control_thread(how != "without-thread");
    if (how == "disabled") builder.signal_handling_mode(ipc::SignalHandlingMode::Disabled);
    const auto node = builder.create().value();
    test.tell("ready");
    if (how == "ignoring") {
        test.hear();
        return node.wait(0s) ? 7 : 1;
    }
    while (node.wait(1h)) continue;
    if (how == "with-handler" && calls_of_the_applications_handler != 1) return 1;
    if (node.wait(1h)) return 2;  // once asked, for ever
    return 7;
}

// Its node is gone again when the signal comes.
ACTOR(process_without_node_any_more) {
    const bool with_handler = arguments.at(0) == "with-handler";
    if (with_handler) ::signal(SIGTERM, applications_handler);
    for (int i = 0; i < 2; ++i) {
        const auto one = local_node().create().value();
        const auto two = local_node().create().value();
    }
    sigset_t signals;
    sigset_t before;
    ::sigfillset(&signals);
    ::sigprocmask(SIG_SETMASK, &signals, &before);  // until it is waited for
    test.tell("ready");
    ::sigsuspend(&before);
    return calls_of_the_applications_handler == 1 ? 7 : 1;
}

// Forks; the child has what was there before the node.
ACTOR(forking_process) {
    const auto node = local_node().create().value();
    auto child = harness::forked([]() -> int {
        ::raise(SIGTERM);
        for (;;) ::pause();
    });
    if (child.wait() != harness::Ending{.exited = false, .code = 0, .signal = SIGTERM}) return 1;
    return node.wait(1ms) ? 7 : 2;  // nobody asked the parent
}

}  // namespace

TEST_CASE("wait ends when the process is asked to terminate") {
    const std::string how = GENERATE("plain", "without-thread", "with-handler");
    const int signal = how == "with-handler" ? SIGTERM : GENERATE(SIGTERM, SIGINT);
    INFO(how << ", signal " << signal);
    harness::Actor process{"waiting_process", {how}};
    process.expect("ready");
    process.process.signal(signal);
    CHECK(process.wait() == harness::Ending{.exited = true, .code = 7});
}

TEST_CASE("a node that leaves signals alone leaves them to what was there") {
    harness::Actor process{"waiting_process", {"disabled"}};
    process.expect("ready");
    process.process.signal(SIGTERM);
    CHECK(process.wait() == harness::Ending{.exited = false, .code = 0, .signal = SIGTERM});
}

TEST_CASE("a signal that was ignored stays ignored") {
    harness::Actor process{"waiting_process", {"ignoring"}};
    process.expect("ready");
    process.process.signal(SIGTERM);
    process.tell("go on");
    CHECK(process.wait() == harness::Ending{.exited = true, .code = 7});
}

TEST_CASE("the last node puts back what was there") {
    SECTION("nothing") {
        harness::Actor process{"process_without_node_any_more", {"plain"}};
        process.expect("ready");
        process.process.signal(SIGTERM);
        CHECK(process.wait() == harness::Ending{.exited = false, .code = 0, .signal = SIGTERM});
    }
    SECTION("a handler of the application") {
        harness::Actor process{"process_without_node_any_more", {"with-handler"}};
        process.expect("ready");
        process.process.signal(SIGTERM);
        CHECK(process.wait() == harness::Ending{.exited = true, .code = 7});
    }
}

// ThreadSanitizer keeps signals to itself, and in a forked child for ever.
#ifndef __SANITIZE_THREAD__
TEST_CASE("a forked child takes signals as if there had been no node, and does not end its parent's wait") {
    harness::Actor process{"forking_process"};
    CHECK(process.wait() == harness::Ending{.exited = true, .code = 7});
}
#endif

TEST_CASE("wait sleeps at least as long as it was told") {
    const auto node = local_node().signal_handling_mode(ipc::SignalHandlingMode::Disabled).create().value();
    const auto before = std::chrono::steady_clock::now();
    CHECK(node.wait(20ms));
    CHECK(std::chrono::steady_clock::now() - before >= 20ms);
    CHECK(node.wait(0s));
    CHECK(node.wait(-5s));
}
