// SPDX-License-Identifier: Apache-2.0
// Sleeping for requests and for responses: calls, descriptors and wait sets.
#include "request/world.hpp"

#include <poll.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace request;

namespace {

auto waited_for_service(ipc::Node& node) {
    return node.service_builder("waited")
        .request_response<std::uint64_t, std::uint64_t>()
        .max_response_buffer_size(4)
        .open_or_create()
        .value();
}

bool readable(int descriptor, int timeout_ms) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, timeout_ms) == 1;
}

// Becomes quiet, although it may be readable once more with nothing there.
template <class Port>
bool becomes_quiet(Port& port, int descriptor) {
    return harness::eventually([&] {
        while (port.receive().value()) {
        }
        return !readable(descriptor, 1);
    });
}

ACTOR(echo_server) {
    auto node = ipc::NodeBuilder{}.name("echo").create().value();
    auto server = waited_for_service(node).server_builder().create().value();
    test.tell("ready");
    while (auto request = server.receive(patience)) {
        if (!*request) continue;
        (void)(*request)->send_copy(***request);
    }
    return 0;
}

}  // namespace

TEST_CASE("a client and a server that sleep wake each other, again and again", "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    harness::Actor actor{"echo_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto client = service.client_builder().create().value();
    for (std::uint64_t i = 0; i < 3000; ++i) REQUIRE(*client.call(i, patience).value() == i);
}

TEST_CASE("the descriptor of a server is readable while a request waits", "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    const int descriptor = server.file_descriptor().value();
    REQUIRE(becomes_quiet(server, descriptor));
    for (std::uint64_t i = 0; i < 50; ++i) {
        auto pending = client.send_copy(i).value();
        REQUIRE(readable(descriptor, 0));
        CHECK(*next(server) == i);
        REQUIRE(becomes_quiet(server, descriptor));
    }
}

TEST_CASE("the descriptor of a request is readable while a response waits, and once its stream has ended",
          "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    for (std::uint64_t i = 0; i < 50; ++i) {
        auto pending = client.send_copy(i).value();
        auto other = client.send_copy(i).value();
        const int descriptor = pending.file_descriptor().value();
        std::optional request{next(server)};
        auto of_other = next(server);
        REQUIRE(becomes_quiet(pending, descriptor));
        for (int n = 0; n < 3; ++n) {
            request->send_copy(i).value();
            REQUIRE(readable(descriptor, 0));
            REQUIRE(becomes_quiet(pending, descriptor));
        }
        request.reset();
        REQUIRE(readable(descriptor, 0));
        CHECK(finds_nothing(pending));
        CHECK(pending.state() == ipc::StreamState::Completed);
        REQUIRE(readable(descriptor, 0));
        CHECK(other.is_connected());
    }
}

TEST_CASE("the descriptor of a client is readable while a response to any request waits",
          "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    const int descriptor = client.file_descriptor().value();
    for (std::uint64_t i = 0; i < 20; ++i) {
        auto first = client.send_copy(1).value();
        auto second = client.send_copy(2).value();
        auto one = next(server);
        auto two = next(server);
        two.send_copy(2).value();
        REQUIRE(readable(descriptor, 0));
        CHECK(*next(second) == 2);
        one.send_copy(1).value();
        REQUIRE(readable(descriptor, 0));
        CHECK(*next(first) == 1);
    }
}

TEST_CASE("a wait set is called for requests, for responses, and for the end of a stream",
          "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    auto set = ipc::WaitSetBuilder{}.create().value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    const auto on_request = set.attach_notification(server).value();
    constexpr std::uint64_t rounds = 50;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        auto pending = client.send_copy(round).value();
        const auto on_response = set.attach_notification(pending).value();
        bool answered = false;
        auto other = std::optional{client.send_copy(round).value()};
        while (pending.is_connected()) {
            set.wait_and_process_once_with_timeout(
                   [&](const ipc::WaitSetAttachmentId& id) {
                       if (id.has_event_from(on_request))
                           while (auto request = server.receive().value()) request->send_copy(round).value();
                       if (id.has_event_from(on_response))
                           while (auto response = pending.receive().value()) answered = **response == round;
                       return ipc::CallbackProgression::Continue;
                   },
                   patience)
                .value();
        }
        CHECK(answered);
        CHECK(*next(*other) == round);
    }
}

TEST_CASE("a wait set on a client is called for a request that was sent later", "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    harness::Actor actor{"echo_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto client = service.client_builder().create().value();
    auto set = ipc::WaitSetBuilder{}.create().value();
    const auto on_response = set.attach_notification(client).value();
    const auto run = [&](auto&& callback, std::chrono::nanoseconds timeout) {
        set.wait_and_process_once_with_timeout(
               [&](const ipc::WaitSetAttachmentId& id) {
                   if (id.has_event_from(on_response)) callback();
                   return ipc::CallbackProgression::Continue;
               },
               timeout)
            .value();
    };
    for (std::uint64_t i = 0; i < 100; ++i) {
        run([] {}, 0ns);  // it lies down
        auto pending = client.send_copy(i).value();
        bool received = false;
        while (!received)
            run(
                [&] {
                    if (auto response = pending.receive().value()) received = **response == i;
                },
                patience);
    }
}

TEST_CASE("who waits is woken by the death of the other side", "[request][waiting][death]") {
    World world;
    auto service = world.node.service_builder("silent")
                       .request_response<std::uint64_t, std::uint64_t>()
                       .create()
                       .value();
    auto client = service.client_builder().create().value();
    harness::Actor actor{"silent_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto waited_for = client.send_copy(1).value();
    auto watched = client.send_copy(2).value();
    auto attached = client.send_copy(3).value();
    const int descriptor = watched.file_descriptor().value();
    auto set = ipc::WaitSetBuilder{}.create().value();
    const auto guard = set.attach_notification(attached).value();
    for (int i = 0; i < 3; ++i) actor.expect("received");
    REQUIRE(becomes_quiet(watched, descriptor));
    std::thread waiting{[&] { CHECK_FALSE(waited_for.receive(patience).value().has_value()); }};
    actor.kill();
    waiting.join();
    CHECK(waited_for.state() == ipc::StreamState::PeerDied);
    CHECK(readable(descriptor, harness::patience_ms));
    CHECK(watched.state() == ipc::StreamState::PeerDied);
    bool called = false;
    set.wait_and_process_once_with_timeout(
           [&](const ipc::WaitSetAttachmentId& id) {
               called = called || id.has_event_from(guard);
               return ipc::CallbackProgression::Continue;
           },
           patience)
        .value();
    CHECK(called);
}

ACTOR(silent_server) {
    auto node = ipc::NodeBuilder{}.name("silent").create().value();
    auto server = node.service_builder("silent")
                      .request_response<std::uint64_t, std::uint64_t>()
                      .open()
                      .value()
                      .server_builder()
                      .create()
                      .value();
    test.tell("ready");
    std::vector<decltype(server)::Received> held;
    while (true) {
        auto request = server.receive(patience).value();
        if (!request) return 0;
        held.push_back(std::move(*request));
        test.tell("received");
    }
}

TEST_CASE("a request that another thread waits for can be cancelled", "[request][waiting]") {
    World world;
    auto service = waited_for_service(world.node);
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    for (int i = 0; i < 50; ++i) {
        auto pending = client.send_copy(1).value();
        std::thread waiting{[&] { CHECK_FALSE(pending.receive(patience).value().has_value()); }};
        auto request = next(server);
        pending.cancel();
        waiting.join();
        CHECK(request.state() == ipc::StreamState::Cancelled);
    }
}
