// SPDX-License-Identifier: Apache-2.0
// Clients and servers that die.
#include "crash/mortal.hpp"
#include "crash/requests.hpp"

#include <optional>
#include <utility>

using namespace crash;

namespace {

auto service_of(Mortal& mortal) {
    return mortal.node().service_builder(name_of_requests).request_response<Large, Large>().open().value();
}

auto client_of(Mortal& mortal) {
    return service_of(mortal).client_builder().create().value();
}

auto server_of(Mortal& mortal) {
    return service_of(mortal).server_builder().create().value();
}

Large of_mortal(std::uint64_t number) {
    return Large::of(Author::mortal, number);
}

// Sends one, and says whether a survivor waits for it; not if it was another mortal who asked, or a survivor
// who gave up waiting meanwhile.
std::uint64_t respond(ipc::Server<Large, Large>::Received& request, std::uint64_t number) {
    const std::uint64_t reached = request.send_copy(of_mortal(number)).value();
    return request->author == Author::survivor ? reached : 0;
}

}  // namespace

OPERATION(request) {
    auto client = client_of(mortal);
    auto before = client.send_copy(of_mortal(1)).value();
    mortal.begins(1);
    auto pending = client.send_copy(of_mortal(2)).value();
    mortal.ends();
}

OPERATION(receive_response) {
    auto client = client_of(mortal);
    auto pending = client.send_copy(of_mortal(1)).value();
    mortal.begins(1);
    auto response = pending.receive(patience).value();
    mortal.ends();
}

OPERATION(release_response) {
    auto client = client_of(mortal);
    auto pending = client.send_copy(of_mortal(1)).value();
    auto response = pending.receive(patience).value();
    mortal.begins(1);
    response.reset();
    mortal.ends();
}

// With what nobody took still in its lane.
OPERATION(drop_pending_response) {
    auto client = client_of(mortal);
    std::optional pending{client.send_copy(of_mortal(1)).value()};
    auto response = pending->receive(patience).value();
    mortal.begins(1);
    pending.reset();
    response.reset();
    auto next = client.send_copy(of_mortal(2)).value();
    mortal.ends();
}

OPERATION(receive_request) {
    auto server = server_of(mortal);
    mortal.begins();
    auto request = server.receive(patience).value();
    mortal.ends();
}

OPERATION(respond) {
    auto server = server_of(mortal);
    auto request = server.receive(patience).value();
    mortal.begins(respond(*request, 1));
    (void)request->send_copy(of_mortal(2)).value();
    mortal.ends();
}

// Into a full lane: takes the oldest back.
OPERATION(respond_and_overflow) {
    auto server = server_of(mortal);
    auto request = server.receive(patience).value();
    std::uint64_t due = 0;
    for (std::uint64_t i = 1; i <= 3; ++i) due = respond(*request, i);
    mortal.begins(due);
    (void)request->send_copy(of_mortal(4)).value();
    mortal.ends();
}

OPERATION(end_request) {
    auto server = server_of(mortal);
    auto request = server.receive(patience).value();
    mortal.begins(respond(*request, 1));
    request.reset();
    mortal.ends();
}

OPERATION(create_client) {
    auto service = service_of(mortal);
    mortal.begins();
    auto client = service.client_builder().create().value();
    mortal.ends();
}

OPERATION(create_server) {
    auto service = service_of(mortal);
    mortal.begins();
    auto server = service.server_builder().create().value();
    mortal.ends();
}

OPERATION(drop_client) {
    std::optional client{client_of(mortal)};
    std::optional pending{client->send_copy(of_mortal(1)).value()};
    mortal.begins(1);
    client.reset();
    pending.reset();
    mortal.ends();
}

OPERATION(drop_server) {
    std::optional server{server_of(mortal)};
    auto request = server->receive(patience).value();
    mortal.begins();
    server.reset();
    request.reset();
    mortal.ends();
}
