// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/rejection.hpp"
#include "rules/routes.hpp"

#include <memory>

namespace roudi {

// A connection with what its halves will be offered: what can fail is behind us, and nobody was told yet.
// `second`, one of the two, made the connection: it came second, and is charged. If it was promised, it has
// the id that was promised.
Granted<std::unique_ptr<Connection>> prepare_connection(Ledger& ledger, const Route& route, Port& sender,
                                                        Port& receiver, const Port& second);

// What that half is offered.
Granted<Offer> offer_for(const Connection& connection, const Connection::Half& half);

// What that half has to be given beside: the further data segments of the other port.
Granted<void> add_further_segments(const Connection& connection, Connection::Half& half);
// Tells the other port what that half has of its further segments.
void tell_all_taken(Connection& connection, const Connection::Half& half);
std::vector<Connection*> connections_of(const Port& port);

// Whether two that were here before this broker have nothing to do with each other any more: one of them is
// dead.
bool is_over(const Port& one, const Port& other);

// The line by which that half's port wakes its peer, if that one sleeps.
Granted<void> make_line(const Connection& connection, Connection::Half& waker);
// Each end to its port, once both halves were offered.
void send_lines(Connection& connection);

// A record in the node's counters.
Granted<Record> take_record(Node& node);

}  // namespace roudi
