// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"
#include "harness/forked_child.hpp"

#include <ipc/ipc.hpp>

#include <optional>
#include <string>

#if HARNESS_CHILD_OF_ONE_THREAD_LIVES

namespace {

// What the child finds out, as an exit code; the parent goes on as if there had been no child.
ACTOR(forking_node) {
    ipc::Config config;
    config.socket = arguments.at(0);
    const bool local = arguments.at(1) == "local";
    const bool control_thread = arguments.at(1) != "no-thread";
    ipc::NodeBuilder builder;
    builder.config(config).control_thread(control_thread);
    if (local) builder.local();

    std::optional<ipc::Node> node = builder.create().value();
    std::optional service = node->service_builder("S").publish_subscribe<int>().create().value();
    auto child = harness::forked([&] {
        auto opened = node->service_builder("T").publish_subscribe<int>().create();
        if (opened || opened.error() != ipc::PublishSubscribeCreateError::ForkedProcess) return 1;
        if (service->dynamic_config()) return 2;
        // Destructors say nothing to anybody, and do not wait for threads that are not here.
        service.reset();
        node.reset();
        // A node of its own is as good as anywhere.
        auto own = builder.create();
        if (!own) return 3;
        if (!own->service_builder("U").publish_subscribe<int>().create()) return 4;
        return 0;
    });
    const harness::Ending ending = child.wait();
    if (!ending.exited) return 50;
    if (ending.code != 0) return ending.code;
    // Nobody said goodbye in our name.
    if (service->dynamic_config().value().nodes.size() != 1) return 51;
    if (!node->service_builder("T").publish_subscribe<int>().create()) return 52;
    return 0;
}

}  // namespace

TEST_CASE("a forked child cannot use its parent's node, does it no harm, and may have its own") {
    const harness::BrokerProcess broker;
#if HARNESS_CHILD_OF_THREADS_HAS_THREADS
    const std::string kind = GENERATE("thread", "no-thread", "local");
#else
    const std::string kind = "no-thread";
#endif
    INFO(kind);
    harness::Actor process{"forking_node", {broker.socket(), kind}};
    CHECK(process.wait() == harness::Ending{.exited = true, .code = 0});
}

#endif
