// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The services that honest processes use, and liars too: small limits, so that every edge of a ring is near.
namespace hostile {

using namespace std::chrono_literals;
using harness::eventually;

inline std::uint64_t mixed(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
    number = (number ^ number >> 27) * 0x94d049bb133111eb;
    return number ^ number >> 31;
}

// Every word follows from the number: one that is torn, or another's, shows.
template <std::size_t count>
struct Checked {
    static constexpr std::string_view ipc_type_name = count > 4 ? "hostile::chunk" : "hostile::slot";
    std::array<std::uint64_t, count> words;

    static Checked of(std::uint64_t number) {
        Checked result;
        for (std::size_t i = 0; i < count; ++i) result.words[i] = mixed(number * count + i);
        return result;
    }
};
using Chunk = Checked<32>;  // goes by reference
using Slot = Checked<4>;    // goes in its slot

// Their length follows from the number as well: some go in their slot, some by reference.
using Words = ipc::Slice<std::uint64_t>;
inline constexpr std::uint64_t most_words = 40;

inline std::vector<std::uint64_t> words_of(std::uint64_t number) {
    std::vector<std::uint64_t> words(static_cast<std::size_t>(mixed(number) % (most_words + 1)));
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = mixed(number * most_words + i);
    return words;
}

template <std::size_t count>
bool is_of(const Checked<count>& payload, std::uint64_t number) {
    bool same = true;
    for (std::size_t i = 0; i < count; ++i) same &= payload.words[i] == mixed(number * count + i);
    return same;
}
inline bool is_of(std::span<const std::uint64_t> payload, std::uint64_t number) {
    return std::ranges::equal(payload, words_of(number));
}
// Of a liar's nothing is expected, but that all of it can be read.
inline std::uint64_t sum_of(std::span<const std::uint64_t> payload) {
    return std::accumulate(payload.begin(), payload.end(), std::uint64_t{0});
}
template <std::size_t count>
std::uint64_t sum_of(const Checked<count>& payload) {
    return sum_of(payload.words);
}

inline constexpr std::uint64_t buffer_size = 4;
inline constexpr std::uint64_t max_borrowed = 3;
inline constexpr std::uint64_t max_loaned = 3;
inline constexpr std::uint64_t history_size = 3;
inline constexpr std::uint64_t highest_event = 200;  // counters of two levels

// With the bound that applications have: a liar that never maps its half is not waited for any longer.
inline ipc::Node honest_node(const std::string& socket, const std::string& name) {
    ipc::Config config;
    config.socket = socket;
    config.creation_bound = 20ms;
    return harness::node_with(config, name);
}

template <class Payload>
auto samples(const ipc::Node& node) {
    return node.service_builder("service")
        .template publish_subscribe<Payload>()
        .subscriber_max_buffer_size(buffer_size)
        .subscriber_max_borrowed_samples(max_borrowed)
        .history_size(history_size)
        .max_publishers(4)
        .max_subscribers(4)
        .max_nodes(8)
        .open_or_create()
        .value();
}

inline auto events(const ipc::Node& node) {
    return node.service_builder("service")
        .event()
        .event_id_max_value(highest_event)
        .max_notifiers(4)
        .max_listeners(4)
        .max_nodes(8)
        .open_or_create()
        .value();
}

template <class Payload>
auto requests(const ipc::Node& node) {
    return node.service_builder("service")
        .template request_response<Payload, Payload>()
        .max_active_requests_per_client(3)
        .max_response_buffer_size(2)
        .max_borrowed_responses_per_pending_response(2)
        .max_clients(4)
        .max_servers(4)
        .max_nodes(8)
        .open_or_create()
        .value();
}

}  // namespace hostile
