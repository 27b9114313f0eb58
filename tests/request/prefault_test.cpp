// SPDX-License-Identifier: Apache-2.0
// Memory that is reserved and touched before it is used: no page fault on the way of a request and of its
// response, and a shortage is an error of create().
#include "harness/not_tried.hpp"
#include "harness/pages.hpp"
#include "request/world.hpp"
#include "shm/available_memory.hpp"

#include <array>
#include <string>

namespace {

using namespace harness;
using namespace request;

constexpr std::size_t held = 4;

// A pair whose way touches many chunks: what is received stays for a while.
class Exchange {
 public:
    Exchange(ipc::Node& node, const std::string& name, bool by_client, bool by_server)
        : service_{node.service_builder(name)
                       .request_response<Pages, Pages>()
                       .max_active_requests_per_client(held + 1)
                       .max_clients(1)
                       .max_servers(1)
                       .create()
                       .value()},
          server_{service_.server_builder().prefault(by_server).create().value()},
          client_{service_.client_builder().prefault(by_client).create().value()} {}

    bool run(std::size_t times) {
        bool received = true;
        for (std::size_t i = 0; i < times; ++i) {
            auto& call = holds_[i % held];
            call.pending.emplace(written(client_.loan_uninit().value(), i).send().value());
            call.request = server_.receive().value();
            if (!call.request || (**call.request)[512] != i) return false;
            received = received && written(call.request->loan_uninit().value(), i + 1).send().value() == 1;
            call.response = call.pending->receive().value();
            received = received && call.response && (**call.response)[512] == i + 1;
        }
        return received;
    }

 private:
    using Server = ipc::Server<Pages, Pages>;
    using Client = ipc::Client<Pages, Pages>;
    struct Call {
        std::optional<Client::Pending> pending;
        std::optional<Server::Received> request;
        std::optional<Client::Answer> response;
    };

    ipc::RequestResponseService<Pages, Pages> service_;
    Server server_;
    Client client_;
    std::array<Call, held> holds_;
};

ACTOR(counting_page_faults_of_calls) {
    auto node = ipc::NodeBuilder{}.create().value();
    // What the program itself needs of code and stack is there after this.
    Exchange{node, "first", false, false}.run(100);
    const bool by_client = arguments.at(0) == "prefault";
    const bool by_server = arguments.at(1) == "prefault";
    Exchange exchange{node, "counted", by_client, by_server};
    count_page_faults(test, exchange);
}

int faults_of_calls(const std::string& client, const std::string& server) {
    BrokerProcess broker;
    Actor actor{"counting_page_faults_of_calls", {client, server}, broker.environment()};
    const int faults = std::stoi(actor.hear());
    CHECK(actor.wait() == Ending{.exited = true, .code = kept});
    return faults;
}

}  // namespace

TEST_CASE("no page fault and no system call on the way of requests and responses in prefaulted memory",
          "[request][prefault]") {
    CHECK(faults_of_calls("prefault", "prefault") == 0);
}

TEST_CASE("what the client or the server did not prefault is paid on the way", "[request][prefault]") {
    CHECK(faults_of_calls("as touched", "prefault") > 100);
    CHECK(faults_of_calls("prefault", "as touched") > 100);
}

TEST_CASE("a client or a server that prefaults more than there is, is an error of create()",
          "[request][prefault]") {
    World world;
    const std::uint64_t gigabyte = std::uint64_t{1} << 30;
    if (ipc::shm::available_memory() > 200 * gigabyte) {
        left_out("this machine has that much");
        return;
    }
    const ipc::TypeDetail type{.name = "Gigabyte", .size = gigabyte, .alignment = 8};
    auto service = world.node.service_builder("large")
                       .request_response(type, type)
                       .max_active_requests_per_client(2)
                       .max_loaned_requests(72)
                       .max_servers(32)
                       .create()
                       .value();
    auto servers = service.server_builder();
    servers.max_loaned_responses_per_request(7);
    const auto client = service.client_builder().prefault(true).create();
    const auto server = servers.prefault(true).create();
    REQUIRE(!client);
    REQUIRE(!server);
    CHECK(client.error().code() == ipc::ClientCreateError::OutOfMemory);
    CHECK(server.error().code() == ipc::ServerCreateError::OutOfMemory);
    CHECK_THAT(client.error().message(), Catch::Matchers::Contains("prefault"));
    CHECK_THAT(server.error().message(), Catch::Matchers::Contains("prefault"));
    CHECK(servers.prefault(false).create().has_value());
    CHECK(service.client_builder().create().has_value());
}

TEST_CASE("a client and a server lock their memory", "[request][prefault]") {
    constexpr std::uint64_t enough = std::uint64_t{4} << 20;
    if (!may_lock(enough)) {
        left_out("this process may not lock 4 MiB (RLIMIT_MEMLOCK)");
        return;
    }
    World world;
    auto service = world.node.service_builder("locked")
                       .request_response<Pages, Pages>()
                       .max_active_requests_per_client(1)
                       .max_borrowed_responses_per_pending_response(1)
                       .max_clients(1)
                       .max_servers(1)
                       .create()
                       .value();
    const std::uint64_t before = locked_bytes();
    {
        auto client = service.client_builder().lock_memory(true).create().value();
        const std::uint64_t by_client = locked_bytes() - before;
        CHECK(by_client >= 5 * sizeof(Pages));  // in the server's ring and hands, on loan, and under way
        auto server = service.server_builder().lock_memory(true).create().value();
        CHECK(locked_bytes() - before - by_client >= 5 * sizeof(Pages));
        CHECK(client.call(Pages{}, 0ms).error() == ipc::CallError::Timeout);
    }
    CHECK(eventually([&] { return locked_bytes() == before; }));
}
