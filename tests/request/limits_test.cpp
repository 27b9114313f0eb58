// SPDX-License-Identifier: Apache-2.0
// Each setting of a service, client and server that limits something, and the error that says so.
#include "request/world.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace request;
using Catch::Matchers::Contains;
using Large = std::array<std::uint64_t, 512>;

TEST_CASE("one client and one server too many are refused with a message that names both sides",
          "[request][limits]") {
    World world;
    auto service = world.node.service_builder("Limited")
                       .request_response<std::uint64_t, std::uint64_t>()
                       .max_clients(2)
                       .max_servers(1)
                       .create()
                       .value();
    auto first = service.client_builder().create().value();
    std::optional second{service.client_builder().create().value()};
    const auto third = service.client_builder().create();
    REQUIRE_FALSE(third.has_value());
    CHECK(third.error() == ipc::ClientCreateError::ExceedsMaxSupportedClients);
    CHECK_THAT(third.error().message(), Contains("Limited") && Contains("2"));
    second.reset();
    CHECK(service.client_builder().create().has_value());

    std::optional server{service.server_builder().create().value()};
    const auto other = service.server_builder().create();
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error() == ipc::ServerCreateError::ExceedsMaxSupportedServers);
    CHECK_THAT(other.error().message(), Contains("Limited") && Contains("1"));
    server.reset();
    CHECK(service.server_builder().create().has_value());
}

TEST_CASE("names and settings that cannot be are refused", "[request][limits]") {
    World world;
    auto service =
        world.node.service_builder("n").request_response<std::uint64_t, std::uint64_t>().create().value();
    CHECK(service.client_builder().name(std::string(129, 'x')).create().error() ==
          ipc::ClientCreateError::InvalidName);
    CHECK(service.server_builder().name(std::string(129, 'x')).create().error() ==
          ipc::ServerCreateError::InvalidName);
    CHECK(service.client_builder().retry_on_server_death(true).create().error() ==
          ipc::ClientCreateError::InvalidSetting);
}

TEMPLATE_TEST_CASE("no more requests are under way than the service allows", "[request][limits]",
                   std::uint64_t, Large) {
    World world;
    auto service = world.node.service_builder("n")
                       .request_response<TestType, TestType>()
                       .max_active_requests_per_client(3)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    auto other = service.client_builder().create().value();
    using Pending = typename decltype(client)::Pending;
    std::vector<Pending> pending;
    for (int round = 0; round < 50; ++round) {
        while (pending.size() < 3) pending.push_back(client.send_copy({}).value());
        // The loan is gone then: no number of failures uses loans up.
        CHECK(client.send_copy({}).error() == ipc::RequestSendError::ExceedsMaxActiveRequests);
        CHECK(client.call({}, 1s).error() == ipc::CallError::ExceedsMaxActiveRequests);
        CHECK(other.send_copy({}).has_value());  // another client's are counted on their own
        pending.erase(pending.begin());
        pending.push_back(client.send_copy({}).value());
        pending.clear();
        while (server.receive().value()) {
        }
    }
}

TEST_CASE("no more requests and responses are loaned than the service and the server allow",
          "[request][limits]") {
    World world;
    auto service = world.node.service_builder("n")
                       .request_response<Large, Large>()
                       .max_loaned_requests(2)
                       .max_active_requests_per_client(2)
                       .create()
                       .value();
    auto server = service.server_builder().max_loaned_responses_per_request(3).create().value();
    auto client = service.client_builder().create().value();
    {
        auto first = client.loan_uninit().value();
        auto second = client.loan().value();
        CHECK(second.payload()[7] == 0);
        CHECK(client.loan_uninit().error() == ipc::LoanError::ExceedsMaxLoans);
        CHECK(client.send_copy({}).error() == ipc::RequestSendError::ExceedsMaxLoans);
        CHECK(client.call({}, 1s).error() == ipc::CallError::ExceedsMaxLoans);
    }
    auto first = client.send_copy(Large{1}).value();
    auto second = client.send_copy(Large{2}).value();
    auto one = next(server);
    auto two = next(server);
    for (auto* request : {&one, &two}) {
        std::vector<ipc::ResponseMutUninit<Large>> loans;
        for (int i = 0; i < 3; ++i) loans.push_back(request->loan_uninit().value());
        CHECK(request->loan_uninit().error() == ipc::LoanError::ExceedsMaxLoans);
        CHECK(request->send_copy({}).error() == ipc::SendError::ExceedsMaxLoans);
        loans.pop_back();
        CHECK(request->send_copy({}).value() == 1);
    }
}

TEMPLATE_TEST_CASE("no more responses of a request are held than the service allows", "[request][limits]",
                   std::uint64_t, Large) {
    World world;
    auto service = world.node.service_builder("n")
                       .request_response<TestType, TestType>()
                       .max_response_buffer_size(5)
                       .max_borrowed_responses_per_pending_response(2)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy({}).value();
    auto other = client.send_copy({}).value();
    {
        auto request = next(server);
        for (int i = 0; i < 4; ++i) CHECK(request.send_copy({}).value() == 1);
        auto of_other = next(server);
        CHECK(of_other.send_copy({}).value() == 1);
    }
    auto first = pending.receive().value();
    auto second = pending.receive().value();
    REQUIRE((first.has_value() && second.has_value()));
    CHECK(pending.receive().error() == ipc::ReceiveError::ExceedsMaxBorrows);
    CHECK(pending.receive(1s).error() == ipc::ReceiveError::ExceedsMaxBorrows);
    CHECK(pending.has_response().value());
    CHECK(pending.state() == ipc::StreamState::Open);
    CHECK(other.receive().value().has_value());  // another request's are counted on their own
    first.reset();
    CHECK(pending.receive().value().has_value());
    CHECK(pending.receive().value().has_value());
    CHECK(pending.state() == ipc::StreamState::Completed);
}

TEST_CASE("no more requests of a client are active than the service allows", "[request][limits]") {
    World world;
    auto service = world.node.service_builder("n")
                       .request_response<Large, Large>()
                       .max_active_requests_per_client(2)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    auto other = service.client_builder().create().value();
    std::vector<decltype(server)::Received> active;
    for (int i = 0; i < 2; ++i) {
        (void)client.send_copy({}).value();
        active.push_back(next(server));
    }
    auto third = client.send_copy({}).value();
    CHECK(server.receive().error() == ipc::ReceiveError::ExceedsMaxBorrows);
    auto pending = other.send_copy({}).value();
    CHECK(next(server).header().client_id() == other.id());
    active.clear();
    CHECK(next(server).header().client_id() == client.id());
}

namespace {

struct alignas(64) Header {
    std::uint64_t word = 0;
};

template <class Request, class Response>
void exchange_with_headers(std::uint64_t request_alignment, std::uint64_t response_alignment) {
    World world;
    auto builder = world.node.service_builder("n")
                       .request_response<Request, Response>()
                       .template request_user_header<std::uint32_t>()
                       .template response_user_header<Header>();
    auto service = builder.request_payload_alignment(request_alignment)
                       .response_payload_alignment(response_alignment)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    const auto is_aligned = [](const void* at, std::uint64_t to) {
        return reinterpret_cast<std::uintptr_t>(at) % to == 0;
    };
    for (std::uint32_t i = 0; i < 20; ++i) {
        auto loan = client.loan().value();
        CHECK(is_aligned(&loan.payload_mut(), request_alignment));
        loan.payload_mut() = Request{i};
        loan.user_header_mut() = i + 1;
        auto pending = std::move(loan).send().value();
        {
            auto request = next(server);
            CHECK(is_aligned(&request.payload(), request_alignment));
            CHECK(request.payload() == Request{i});
            CHECK(request.user_header() == i + 1);
            CHECK(request.header().client_id() == client.id());
            CHECK(request.header().request_number() == pending.request_number());
            auto response = request.loan().value();
            CHECK(is_aligned(&response.payload_mut(), response_alignment));
            response.payload_mut() = Response{i + 2};
            response.user_header_mut().word = i + 3;
            CHECK(std::move(response).send().value() == 1);
        }
        const auto response = next(pending);
        CHECK(is_aligned(&response.payload(), response_alignment));
        CHECK(is_aligned(&response.user_header(), alignof(Header)));
        CHECK(response.payload() == Response{i + 2});
        CHECK(response.user_header().word == i + 3);
        CHECK(response.header().server_id() == server.id());
        CHECK(response.header().request_number() == pending.request_number());
    }
}

}  // namespace

TEST_CASE("user headers and alignments both ways, in the slot and by reference", "[request][limits]") {
    exchange_with_headers<std::uint64_t, std::uint64_t>(8, 8);
    exchange_with_headers<std::uint64_t, Large>(256, 4096);
    exchange_with_headers<Large, std::uint64_t>(4096, 64);
}

TEST_CASE("a client's loan, requests and responses outlive it, its service and its node",
          "[request][limits]") {
    harness::BrokerProcess broker;
    auto there = harness::node_at(broker.socket(), "there");
    auto server = there.service_builder("n")
                      .request_response<Large, Large>()
                      .create()
                      .value()
                      .server_builder()
                      .create()
                      .value();
    std::optional<ipc::PendingResponse<Large>> pending;
    std::optional<ipc::RequestMutUninit<Large, Large>> loan;
    {
        auto node = harness::node_at(broker.socket(), "here");
        auto client = node.service_builder("n")
                          .request_response<Large, Large>()
                          .open()
                          .value()
                          .client_builder()
                          .create()
                          .value();
        pending.emplace(client.send_copy(Large{1}).value());
        loan.emplace(client.loan_uninit().value());
    }
    {
        auto request = next(server);
        CHECK(request.send_copy(Large{2}).value() == 1);
    }
    std::optional held{next(*pending)};
    pending.emplace(std::move(*loan).write_payload(Large{3}).send().value());
    CHECK((*held)->front() == 2);
    {
        auto request = next(server);
        CHECK(request->front() == 3);
        held.reset();
        CHECK(request.send_copy(Large{4}).value() == 1);
    }
    CHECK(next(*pending)->front() == 4);
}

TEST_CASE("a server's active requests and loans outlive it, its service and its node", "[request][limits]") {
    harness::BrokerProcess broker;
    auto here = harness::node_at(broker.socket(), "here");
    auto client = here.service_builder("n")
                      .request_response<Large, Large>()
                      .create()
                      .value()
                      .client_builder()
                      .create()
                      .value();
    std::optional<ipc::PendingResponse<Large>> pending;
    std::optional<ipc::ActiveRequest<Large, Large>> request;
    {
        auto node = harness::node_at(broker.socket(), "there");
        auto server = node.service_builder("n")
                          .request_response<Large, Large>()
                          .open()
                          .value()
                          .server_builder()
                          .create()
                          .value();
        pending.emplace(client.send_copy(Large{1}).value());
        request.emplace(next(server));
    }
    // The server is closed: what is sent now goes to nobody.
    CHECK(client.call(Large{}, 1s).error() == ipc::CallError::NoServer);
    auto loan = request->loan_uninit().value();
    CHECK(request->send_copy(Large{2}).value() == 1);
    CHECK(next(*pending)->front() == 2);
    CHECK(pending->is_connected());
    request.reset();
    CHECK(pending->receive(patience).value() == std::nullopt);
    CHECK(pending->state() == ipc::StreamState::Completed);
}
