// SPDX-License-Identifier: Apache-2.0
// History that threads of one subscriber share.
#include "catch.hpp"
#include "layout/connection.hpp"
#include "layout/descriptor.hpp"
#include "pubsub/session_stand_in.hpp"
#include "pubsub/wiretap.hpp"
#include "ring/history_writer.hpp"
#include "service/service_handle.hpp"

#include <ipc/untyped/subscriber.hpp>

#include <chrono>
#include <memory>
#include <optional>

using namespace pubsub;
using namespace ipc;

TEST_CASE("who lies down finds the history that another thread left", "[pubsub][history][waiting]") {
    constexpr std::uint64_t history = 3;
    auto settings = settings_of(256);
    settings.history_size = history;
    const auto session = std::make_shared<SessionStandIn>(settings);
    const auto service = std::make_shared<detail::ServiceHandle>(session, "service",
                                                                 wire::ServiceOpened{.settings = settings});
    auto subscriber = untyped::SubscriberBuilder{service}.create().value();

    // A thread has found nothing, and asks for what it will sleep on. Meanwhile there comes a publisher that
    // is asleep itself, and another thread receives the oldest of what it sent.
    std::optional<Wiretap> publisher;
    session->when_handle_is_asked_for = [&] {
        publisher.emplace(settings, *session->links.front(), 10, history);
        publisher->word(layout::Connection::receiver_handle_known).store(1);
        ring::HistoryWriter<ring::StdAtomics> writer{publisher->data.data(),
                                                     publisher->data_layout.history_entries};
        for (std::uint32_t i = 0; i < history; ++i)
            (void)writer.publish(
                i + 1,
                {.offset = static_cast<std::uint32_t>(
                     (publisher->data_layout.chunks + i * publisher->data_layout.chunk_size) /
                     settings.sample().unit())},
                i);
        CHECK(subscriber.receive().value()->header().sequence_number() == 1);
    };
    const auto sample = subscriber.receive(std::chrono::seconds{1}).value();
    REQUIRE(sample.has_value());
    CHECK(sample->header().sequence_number() == 2);
    CHECK(session->sleeps == 0);
}
