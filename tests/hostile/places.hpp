// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/connection.hpp"
#include "layout/data.hpp"
#include "layout/event_connection.hpp"
#include "layout/request_connection.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hostile {

using Random = std::mt19937_64;

inline std::uint64_t below(Random& random, std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(random);
}

// A word that a liar may write, and what it means to those who read it.
struct Place {
    std::string name;
    std::byte* word;
};
using Places = std::vector<Place>;

void add_ring(Places& places, std::byte* segment, const ipc::layout::Connection& ring);
void add_requests(Places& places, std::byte* segment, const ipc::layout::RequestConnection& connection);
void add_events(Places& places, std::byte* segment, const ipc::layout::EventConnection& connection);
void add_data(Places& places, std::byte* segment, const ipc::layout::Data& data);

// What a liar writes there.
enum class Lie : std::uint8_t {
    zero,
    one,
    all_ones,
    top_bit,
    just_below_the_top_bit,
    one_less,
    one_more,
    a_lap_less,
    a_lap_more,
    far_ahead,
    another_words,  // a ticket, a position or a generation that stands elsewhere
    a_descriptor,   // well formed, and wrong
    random,
};
inline constexpr std::size_t lies = 13;

// Writes it, with no respect for whoever writes there at the same time.
void tell(Lie lie, const Place& place, const Places& places, Random& random);
// A run of random bytes anywhere in there.
void scribble(std::byte* segment, std::size_t size, Random& random);

}  // namespace hostile
