// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/checked.hpp"
#include "crash/survivors.hpp"
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

class RequestSurvivors final : public Survivors {
 public:
    RequestSurvivors(const std::string& socket, const RequestCast& cast);

    void greet() override { relieve(); }
    void relieve() override;
    void go_on_beside() override;
    void look_back(std::uint64_t done) override;
    void take_notice() override {
        if (client_) (void)client_->update_connections().value();
        if (server_) answer();
    }
    void go_on_without() override;

 private:
    using Client = ipc::Client<Large, Large>;
    using Server = ipc::Server<Large, Large>;
    using Active = Server::Received;
    using Pending = Client::Pending;
    using Response = Pending::Received;
    using Service = ipc::RequestResponseService<Large, Large>;

    static Service open(const ipc::Node& node, const RequestCast& cast);
    Client client() const { return service_.client_builder().create().value(); }
    Server server() const {
        return service_.server_builder().max_loaned_responses_per_request(response_loans).create().value();
    }
    Pending ask(Client& client) { return client.send_copy(Large::of(Author::survivor, ++number_)).value(); }
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
};

}  // namespace crash
