// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hostile/places.hpp"
#include "wire/messages.hpp"

#include <memory>
#include <vector>

namespace hostile {

// What a liar has of one connection.
struct Grip {
    ipc::wire::ConnectionOffered details;
    std::byte* segment;
    std::byte* own_data;  // null where its port has none
    ipc::layout::Data own_layout;
};

// Plays one half of a connection as an honest port would: so that lies are told of every state that it can be
// in, and in the middle of a step. It believes nothing that it reads there, for it wrote some of it itself.
class Hand {
 public:
    virtual ~Hand() = default;
    virtual void move(Random& random) = 0;
    // Takes what there is, and never gives any of it back.
    virtual void keep() {}
    // Of the connection and of its own data.
    Places places;
};

std::unique_ptr<Hand> hand_for(const ipc::wire::ServiceSettings& service, const Grip& grip);

}  // namespace hostile
