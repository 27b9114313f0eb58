// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ipc::layout {

// A node's counters: records of 16 words, one for each port and one for each half of a connection. The broker
// hands out the record numbers; the node writes (relaxed), the broker reads. The names below are what status
// shows, so that a counter describes itself.
struct Counters {
    static constexpr std::uint64_t words_per_record = 16;
    static constexpr std::uint64_t record_size = words_per_record * sizeof(std::uint64_t);
    static constexpr std::uint64_t record_count = 16384;
    static constexpr std::uint64_t size = record_count * record_size;
};
static_assert(Counters::record_size == separation);

enum class PublisherCounter : std::uint8_t { sent, delivered, lost, blocked, loaned, cut };
inline constexpr std::array<std::string_view, 6> publisher_counters{
    "sent",       // samples sent
    "delivered",  // deliveries: a sample to one subscriber
    "lost",       // deliveries that were evicted or discarded
    "blocked",    // sends that had to wait for room
    "loaned",     // samples on loan now
    "cut",        // connections cut because the peer broke the protocol
};

enum class SubscriberCounter : std::uint8_t { received, lost, returned, cut, history };
inline constexpr std::array<std::string_view, 5> subscriber_counters{
    "received",  // samples received, history included
    "lost",      // samples missed, whatever the cause
    "returned",  // of those received, samples that are not held any more
    "cut",       // connections cut because the peer broke the protocol
    "history",   // samples received from history
};

// The first words of a port are those of what it is for requests: a publisher, or a subscriber without
// history.
enum class ClientCounter : std::uint8_t { received = 6, missed, active };
inline constexpr std::array<std::string_view, 9> client_counters{
    "sent",       // requests sent
    "delivered",  // deliveries: a request to one server
    "lost",       // deliveries that were evicted or discarded
    "blocked",    // requests that had to wait for room
    "loaned",     // requests on loan now
    "cut",        // connections cut because the peer broke the protocol
    "received",   // responses received
    "missed",     // responses that were evicted before they were received
    "active",     // requests under way now: their pending responses are still there
};

enum class ServerCounter : std::uint8_t { sent = 4, delivered, dropped, blocked, loaned, ended };
inline constexpr std::array<std::string_view, 10> server_counters{
    "received",   // requests received
    "lost",       // requests missed, whatever the cause
    "returned",   // of those received, requests that are not active any more
    "cut",        // connections cut because the peer broke the protocol
    "sent",       // responses sent
    "delivered",  // of those, responses that went into their lane
    "dropped",    // responses that were evicted or discarded
    "blocked",    // responses that had to wait for room
    "loaned",     // responses on loan now
    "ended",      // of those not delivered, responses to requests that had ended
};

enum class NotifierCounter : std::uint8_t { notified, delivered, woken, late };
inline constexpr std::array<std::string_view, 4> notifier_counters{
    "notified",   // calls that notified, whether somebody listened or not
    "delivered",  // notifications: one to one listener
    "woken",      // deliveries that woke a listener
    "late",       // calls after the service's deadline
};

enum class ListenerCounter : std::uint8_t { received, special, cut };
inline constexpr std::array<std::string_view, 3> listener_counters{
    "received",  // notifications received, what follows included
    "special",   // created, dropped and dead events
    "cut",       // connections cut because the peer broke the protocol
};

// Of a connection's halves: the difference is what waits in between, in a ring at most its buffer size.
//
// A half counts on for a while after the broker has given its record to another, for a subscriber still takes
// what a publisher that is gone left. So its word is none of a port's, whose words are what it goes by, and
// none of the other half's.
enum class SendingHalfCounter : std::uint8_t { written = 14 };
enum class ReceivingHalfCounter : std::uint8_t { position = 15 };
static_assert(std::max({publisher_counters.size(), subscriber_counters.size(), notifier_counters.size(),
                        listener_counters.size(), client_counters.size(), server_counters.size()}) <=
              static_cast<std::size_t>(SendingHalfCounter::written));
static_assert(static_cast<std::size_t>(ReceivingHalfCounter::position) < Counters::words_per_record);

}  // namespace ipc::layout
