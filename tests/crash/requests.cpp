// SPDX-License-Identifier: Apache-2.0
#include "crash/requests.hpp"

#include <stdexcept>
#include <utility>

namespace crash {

namespace {

template <class Payload, class Received>
void check(const Received& received) {
    if (!Travel<Payload>::look_at(received).is_whole())
        throw std::runtime_error{"a torn request or response was delivered"};
}

}  // namespace

template <class Payload>
RequestSurvivors<Payload>::RequestSurvivors(const std::string& socket, const RequestCast& cast)
    : cast_{cast}, node_{harness::node_at(socket, "survivor")}, service_{open(node_, cast)} {
    if (cast.answers) server_.emplace(server());
    if (cast.asks) client_.emplace(client());
}

template <class Payload>
typename RequestSurvivors<Payload>::Service RequestSurvivors<Payload>::open(const ipc::Node& node,
                                                                            const RequestCast& cast) {
    return node.service_builder(name_of_requests)
        .template request_response<Type, Type>()
        .max_active_requests_per_client(active_requests)
        .max_loaned_requests(1)
        .max_response_buffer_size(response_buffer)
        .max_borrowed_responses_per_pending_response(response_borrows)
        .max_clients(cast.clients)
        .max_servers(cast.servers)
        .max_nodes(4)
        .open_or_create()
        .value();
}

template <class Payload>
void RequestSurvivors<Payload>::relieve() {
    if (pending_.size() == active_requests) give_up_oldest();
    if (client_) pending_.push_back(ask(*client_));
    if (server_) answer();
}

// It went to those that were there then: who came later waits for another.
template <class Payload>
void RequestSurvivors<Payload>::give_up_oldest() {
    collect();
    for (const Response& response : held_) check<Payload>(response);
    held_.clear();
    std::erase_if(active_, [](const Active& active) { return is_of(active, Author::survivor); });
    pending_.erase(pending_.begin());
    ++given_up_;
}

// Everything, twice.
template <class Payload>
void RequestSurvivors<Payload>::answer() {
    while (auto request = server_->receive().value()) {
        check<Payload>(*request);
        if (is_of(*request, Author::mortal)) ++asked_by_the_dead_;
        for (int i = 0; i < 2; ++i) (void)respond(*request);
        active_.push_back(std::move(*request));
    }
}

// Takes every response there is, and keeps as many as it may.
template <class Payload>
void RequestSurvivors<Payload>::collect() {
    for (Pending& pending : pending_)
        while (true) {
            auto response = pending.receive();
            if (!response && response.error() != ipc::ReceiveError::ExceedsMaxBorrows)
                throw std::runtime_error{"a survivor cannot receive a response"};
            if (!response || !*response) break;
            check<Payload>(**response);
            if (Travel<Payload>::look_at(**response).author == Author::mortal) ++answered_by_the_dead_;
            held_.push_back(std::move(**response));
        }
}

template <class Payload>
void RequestSurvivors<Payload>::go_on_beside() {
    relieve();
    collect();
    relieve();
}

template <class Payload>
void RequestSurvivors<Payload>::look_back(std::uint64_t done) {
    relieve();
    collect();
    for (const Response& response : held_) check<Payload>(response);
    held_.clear();
    collect();
    // What was answered between the last look at a request and its end reached nobody.
    if (of_the_dead() + given_up_ < done)
        throw std::runtime_error{"of " + std::to_string(done) + " requests or responses of the dead " +
                                 std::to_string(of_the_dead()) + " came"};
    end_streams();
    asked_by_the_dead_ = 0;
    answered_by_the_dead_ = 0;
    given_up_ = 0;
}

// Those of the dead are over by themselves, and so are, once the survivors have ended theirs, all others.
template <class Payload>
void RequestSurvivors<Payload>::end_streams() {
    for (const Active& active : active_) {
        check<Payload>(active);
        if (is_of(active, Author::mortal) && !harness::eventually([&] { return !active.is_connected(); }))
            throw std::runtime_error{"a request of the dead is never over"};
    }
    active_.clear();
    for (const Pending& pending : pending_) {
        const bool over = harness::eventually([&] {
            collect();
            held_.clear();
            return !pending.is_connected();
        });
        if (!over) throw std::runtime_error{"a stream of responses never ends"};
    }
    pending_.clear();
    held_.clear();
}

// Every request under way to every server, as many responses held as may be, and as many again waiting.
template <class Payload>
void RequestSurvivors<Payload>::go_on_without() {
    std::optional<Client> another_client;
    std::optional<Server> another_server;
    if (!server_ || cast_.servers > 1) another_server.emplace(server());
    if (!client_ || cast_.clients > 1) another_client.emplace(client());
    std::vector<Server*> servers;
    for (auto* server : {&server_, &another_server})
        if (*server) servers.push_back(&**server);
    std::uint64_t requests = 0;
    for (auto* client : {&client_, &another_client})
        for (std::uint64_t i = 0; *client && i < active_requests; ++i, ++requests) {
            pending_.push_back(ask(**client));
            if (pending_.back().number_of_server_connections() != servers.size())
                throw std::runtime_error{"a request does not go to every server"};
        }
    const auto answer = [&] {
        for (Active& active : active_)
            for (std::uint64_t i = 0; i < response_buffer; ++i)
                if (respond(active) != 1) throw std::runtime_error{"a response does not go to its client"};
    };
    for (Server* server : servers)
        while (auto request = server->receive().value()) {
            check<Payload>(*request);
            active_.push_back(std::move(*request));
        }
    if (active_.size() != requests * servers.size())
        throw std::runtime_error{"not every request came to every server"};
    answer();
    collect();
    if (held_.size() != active_.size() * response_borrows)
        throw std::runtime_error{"a survivor cannot hold what it may hold"};
    answer();
    std::vector<typename Active::Loan> loans;
    for (Active& active : active_)
        for (std::uint64_t i = 0; i < response_loans; ++i) loans.push_back(Travel<Payload>::loan(active));
    loans.clear();
    for (const Response& response : held_) check<Payload>(response);
    held_.clear();
    end_streams();
}

template class RequestSurvivors<Large>;
template class RequestSurvivors<Words>;

}  // namespace crash
