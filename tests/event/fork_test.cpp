// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "event/world.hpp"
#include "harness/forked_child.hpp"

#include <optional>
#include <utility>

using namespace event;

#if HARNESS_CHILD_OF_THREADS_ALLOCATES

TEST_CASE("in a forked child ports of events say so, and their destructors reach nobody", "[event][fork]") {
    World world;
    const auto service =
        world.node.service_builder("E").event().notifier_dropped_event(EventId{9}).create().value();
    std::optional notifier{service.notifier_builder().create().value()};
    std::optional listener{service.listener_builder().create().value()};
    notifier->notify(EventId{1}).value();

    auto child = harness::forked([&] {
        const auto ignore = [](EventActivation) {};
        using Notify = ipc::NotifyError;
        using Wait = ipc::ListenerWaitError;
        if (notifier->notify().error() != Notify::ForkedProcess) return 1;
        if (notifier->notify(EventId{2}).error() != Notify::ForkedProcess) return 2;
        if (notifier->notify_listener(listener->id(), EventId{2}).error() != Notify::ForkedProcess) return 3;
        if (notifier->listeners().error() != Notify::ForkedProcess) return 4;
        if (listener->try_wait(ignore).error() != Wait::ForkedProcess) return 5;
        if (listener->timed_wait(ignore, 1s).error() != Wait::ForkedProcess) return 6;
        if (listener->blocking_wait(ignore).error() != Wait::ForkedProcess) return 7;
        if (listener->try_wait_one().error() != Wait::ForkedProcess) return 8;
        if (listener->blocking_wait_one().error() != Wait::ForkedProcess) return 9;
        if (listener->file_descriptor().error() != ipc::FileDescriptorError::ForkedProcess) return 10;
        if (service.notifier_builder().create().error() != ipc::NotifierCreateError::ForkedProcess) return 11;
        if (service.listener_builder().create().error() != ipc::ListenerCreateError::ForkedProcess) return 12;
        listener.reset();
        notifier.reset();
        return 0;
    });
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 0});

    CHECK(heard(*listener) == Tally{{1, 1}});
    CHECK(notifier->notify(EventId{3}).value() == 1);
    CHECK(heard(*listener) == Tally{{3, 1}});
}

#endif

#if HARNESS_CHILD_OF_THREADS_HAS_THREADS
TEST_CASE("a forked child listens, and notifies its parent, with a node of its own", "[event][fork]") {
    harness::BrokerProcess broker;
    auto node = node_at(broker.socket());
    const auto service =
        node.service_builder("E").event().notifier_created_event(EventId{1}).create().value();
    auto notifier = service.notifier_builder().create().value();
    auto listener = service.listener_builder().create().value();
    auto child = harness::forked([&] {
        auto own = node_at(broker.socket(), "child");
        auto same = own.service_builder("E").event().open().value();
        auto ear = same.listener_builder().create().value();
        auto mouth = same.notifier_builder().create().value();
        Tally tally;
        while (!tally.contains(6))
            if (ear.timed_wait([&](EventActivation e) { ++tally[e.id().value()]; }, patience).value() == 0)
                return 1;
        return mouth.notify(EventId{7}).value() == 2 ? 0 : 2;
    });
    // The child's notifier came: it listens already.
    CHECK(heard(listener, 1) == Tally{{1, 1}});
    CHECK(notifier.notify(EventId{6}).value() == 2);
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 0});
    CHECK(heard(listener, 2) == Tally{{6, 1}, {7, 1}});
}
#endif
