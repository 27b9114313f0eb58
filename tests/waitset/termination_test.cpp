// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "waiting_set.hpp"

#include <atomic>
#include <csignal>
#include <string>
#include <utility>

using namespace waitset;

namespace {

std::atomic<int> calls_of_the_applications_handler{0};

void applications_handler(int) {
    ++calls_of_the_applications_handler;
}

ACTOR(waiting_in_a_set) {
    ipc::WaitSetBuilder builder;
    if (arguments.at(0) == "disabled") builder.signal_handling_mode(ipc::SignalHandlingMode::Disabled);
    auto set = builder.create().value();
    const auto never = set.attach_interval(24h).value();
    test.tell("ready");
    const auto result = set.wait_and_process(go_on);
    test.tell(to_string(result.value()));
    // Once asked, for ever; and whoever has the set in a loop of his own sees it.
    if (set.wait_and_process_once(go_on).value() != result.value()) return 1;
    if (set.wait_and_process_once_with_timeout(go_on, 0ns).value() != result.value()) return 2;
    return readable(set.file_descriptor()) ? 7 : 3;
}

ACTOR(waiting_with_a_handler_of_its_own) {
    ::signal(SIGUSR1, applications_handler);
    auto set = ipc::WaitSetBuilder{}.create().value();
    const Event event;
    const auto guard = set.attach_notification(event.descriptor()).value();
    const auto tick = set.attach_interval(1ms).value();
    test.tell("ready");
    set.wait_and_process([&](const WaitSetAttachmentId&) {
           return calls_of_the_applications_handler == 0 ? CallbackProgression::Continue
                                                         : CallbackProgression::Stop;
       })
        .value();
    return 7;
}

}  // namespace

TEST_CASE("a request to terminate ends a wait, and the result says which", "[waitset]") {
    const auto [signal, result] = GENERATE(std::pair<int, std::string>{SIGTERM, "TerminationRequest"},
                                           std::pair<int, std::string>{SIGINT, "Interrupt"});
    harness::Actor process{"waiting_in_a_set", {"handling"}};
    process.expect("ready");
    process.process.signal(signal);
    process.expect(result);
    CHECK(process.wait() == harness::Ending{.exited = true, .code = 7});
}

TEST_CASE("a set that leaves signals alone leaves them to what was there", "[waitset]") {
    harness::Actor process{"waiting_in_a_set", {"disabled"}};
    process.expect("ready");
    process.process.signal(SIGTERM);
    CHECK(process.wait() == harness::Ending{.signal = SIGTERM});
}

TEST_CASE("a signal that is the application's own ends no wait", "[waitset]") {
    harness::Actor process{"waiting_with_a_handler_of_its_own"};
    process.expect("ready");
    process.process.signal(SIGUSR1);
    CHECK(process.wait() == harness::Ending{.exited = true, .code = 7});
}
