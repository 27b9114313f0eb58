// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/checked.hpp"
#include "crash/survivors.hpp"
#include "crash/travel.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Clients and servers.
namespace crash {

inline constexpr const char* name_of_requests = "requests";
inline constexpr std::uint64_t active_requests = 2;
inline constexpr std::uint64_t response_buffer = 2;
inline constexpr std::uint64_t response_borrows = 2;
inline constexpr std::uint64_t response_loans = 1;

struct RequestCast {
    std::uint64_t clients = 2;  // with the mortal ones: as many as the service has room for
    std::uint64_t servers = 2;
    bool asks = true;     // one of the survivors
    bool answers = true;  // likewise
};

template <class Payload>
class RequestSurvivors final : public Survivors {
 public:
    RequestSurvivors(const std::string& socket, const RequestCast& cast);

    void greet() override { relieve(); }
    void relieve() override;
    void go_on_beside() override;
    void look_back(std::uint64_t done) override;
    void take_notice() override {
        if (client_) (void)client_->update_connections().value();
        if (!server_) return;
        server_->update_connections().value();
        answer();
    }
    void go_on_without() override;

 private:
    using Type = typename Travel<Payload>::Type;
    using Client = ipc::Client<Type, Type>;
    using Server = ipc::Server<Type, Type>;
    using Active = typename Server::Received;
    using Pending = typename Client::Pending;
    using Response = typename Pending::Received;
    using Service = ipc::RequestResponseService<Type, Type>;

    static Service open(const ipc::Node& node, const RequestCast& cast);
    Client client() const {
        auto builder = service_.client_builder();
        Travel<Payload>::set_up(builder);
        return builder.create().value();
    }
    Server server() const {
        auto builder = service_.server_builder();
        Travel<Payload>::set_up(builder);
        return builder.max_loaned_responses_per_request(response_loans).create().value();
    }
    Pending ask(Client& client) { return Travel<Payload>::send(client, of_survivor(++number_)); }
    // Nothing for which a port grows: it would wait for mortals that stand still.
    static Payload of_survivor(std::uint64_t number) { return Payload::of(Author::survivor, 2 * number + 1); }
    static auto respond(Active& active) {
        return Travel<Payload>::send(active, of_survivor(Travel<Payload>::look_at(active).number));
    }
    static bool is_of(const Active& active, Author author) {
        return Travel<Payload>::look_at(active).author == author;
    }
    void give_up_oldest();
    void answer();
    void collect();
    void end_streams();
    std::uint64_t of_the_dead() const { return asked_by_the_dead_ + answered_by_the_dead_; }

    const RequestCast cast_;
    ipc::Node node_;
    Service service_;
    std::optional<Client> client_;
    std::optional<Server> server_;
    std::vector<Pending> pending_;
    std::vector<Active> active_;
    std::vector<Response> held_;
    std::uint64_t number_ = 0;
    std::uint64_t asked_by_the_dead_ = 0;
    std::uint64_t answered_by_the_dead_ = 0;
    std::uint64_t given_up_ = 0;  // requests
};

extern template class RequestSurvivors<Large>;
extern template class RequestSurvivors<Words>;

}  // namespace crash
