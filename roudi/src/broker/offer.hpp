// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/rejection.hpp"
#include "rules/routes.hpp"
#include "shm/unique_fd.hpp"
#include "wire/messages.hpp"

#include <memory>
#include <vector>

namespace roudi {

// What one half of a new connection is sent.
struct Offer {
    wire::ConnectionOffered details;
    std::vector<shm::UniqueFd> descriptors;
    shm::UniqueFd wakes_peer;  // empty if the peer never sleeps
};

// A connection with all that its halves will be sent: what can fail is behind us, and nobody was told yet.
struct PreparedConnection {
    std::unique_ptr<Connection> connection;
    Offer to_sender;
    Offer to_receiver;
};

// `second`, one of the two, makes the connection and is charged for it: the other one was there already.
Granted<PreparedConnection> prepare_connection(Ledger& ledger, const Route& route, Port& sender,
                                               Port& receiver, const Port& second);

// A record in the node's counters.
Granted<Record> take_record(Node& node);

}  // namespace roudi
