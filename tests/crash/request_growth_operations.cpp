// SPDX-License-Identifier: Apache-2.0
// Clients that die while they grow by a request, and servers by a response.
#include "crash/mortal.hpp"
#include "crash/requests.hpp"

#include <optional>
#include <utility>

using namespace crash;

namespace {

using Way = Travel<Words>;
using Server = ipc::Server<Way::Type, Way::Type>;

auto service_of(Mortal& mortal) {
    return mortal.node()
        .service_builder(name_of_requests)
        .request_response<Way::Type, Way::Type>()
        .open()
        .value();
}

auto client_of(Mortal& mortal) {
    auto builder = service_of(mortal).client_builder();
    Way::set_up(builder);
    return builder.create().value();
}

auto server_of(Mortal& mortal) {
    auto builder = service_of(mortal).server_builder();
    Way::set_up(builder);
    return builder.create().value();
}

// The second is the first one for which a port grows.
Words of_mortal(std::uint64_t number) {
    return Words::of(Author::mortal, number);
}

// As respond() of who does not grow.
std::uint64_t respond(Server::Received& request, std::uint64_t number) {
    const std::uint64_t reached = Way::send(request, of_mortal(number));
    return Way::look_at(request).author == Author::survivor ? reached : 0;
}

}  // namespace

OPERATION(grow_by_request) {
    auto client = client_of(mortal);
    auto before = Way::send(client, of_mortal(1));
    mortal.begins(1);
    auto pending = Way::send(client, of_mortal(2));
    mortal.ends();
}

OPERATION(grow_by_response) {
    auto server = server_of(mortal);
    auto request = server.receive(patience).value();
    mortal.begins(respond(*request, 1));
    (void)respond(*request, 2);
    mortal.ends();
}

// Gives back a segment in which nothing is held.
OPERATION(shrink_client) {
    auto client = client_of(mortal);
    auto pending = Way::send(client, of_mortal(1));
    (void)Way::loan(client);
    mortal.begins(1);
    (void)client.update_connections().value();
    mortal.ends();
}

OPERATION(shrink_server) {
    auto server = server_of(mortal);
    auto request = server.receive(patience).value();
    const std::uint64_t due = respond(*request, 1);
    (void)Way::loan(*request);
    mortal.begins(due);
    server.update_connections().value();
    mortal.ends();
}

OPERATION(drop_grown_client) {
    std::optional client{client_of(mortal)};
    std::optional pending{Way::send(*client, of_mortal(2))};
    mortal.begins(1);
    client.reset();
    pending.reset();
    mortal.ends();
}

OPERATION(drop_grown_server) {
    std::optional server{server_of(mortal)};
    auto request = server->receive(patience).value();
    mortal.begins(respond(*request, 2));
    server.reset();
    request.reset();
    mortal.ends();
}
