// SPDX-License-Identifier: Apache-2.0
#include "harness/forked_child.hpp"
#include "request/world.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#if HARNESS_CHILD_OF_THREADS_ALLOCATES

using namespace request;

namespace {

using Large = std::array<std::uint64_t, 512>;

}  // namespace

TEST_CASE("in a forked child clients, servers, requests and responses say so, and end without a trace",
          "[request][fork]") {
    World world;
    auto service = world.node.service_builder("n").request_response<Large, Large>().create().value();
    std::optional server{service.server_builder().create().value()};
    std::optional client{service.client_builder().create().value()};
    std::optional<ipc::PendingResponse<Large>> pending;
    pending.emplace(client->send_copy(Large{1}).value());
    auto loan = std::make_unique<ipc::RequestMutUninit<Large, Large>>(client->loan_uninit().value());
    std::optional request{next(*server)};
    request->send_copy(Large{2}).value();
    request->send_copy(Large{3}).value();
    auto response_loan = std::make_unique<ipc::ResponseMutUninit<Large>>(request->loan_uninit().value());
    std::optional held{next(*pending)};
    (void)pending->file_descriptor().value();
    auto last = client->send_copy(Large{4}).value();

    auto child = harness::forked([&] {
        using namespace ipc;
        if (client->loan().error() != LoanError::ForkedProcess) return 1;
        if (client->send_copy({}).error() != RequestSendError::ForkedProcess) return 2;
        if (client->call({}, 1s).error() != CallError::ForkedProcess) return 3;
        if (client->update_connections().error() != RequestSendError::ForkedProcess) return 4;
        if (client->file_descriptor().error() != FileDescriptorError::ForkedProcess) return 5;
        if (pending->receive().error() != ReceiveError::ForkedProcess) return 6;
        if (pending->receive(1s).error() != ReceiveError::ForkedProcess) return 7;
        if (pending->has_response().error() != ReceiveError::ForkedProcess) return 8;
        if (pending->file_descriptor().error() != FileDescriptorError::ForkedProcess) return 9;
        if (pending->state() != StreamState::PeerDied) return 10;
        if (server->receive().error() != ReceiveError::ForkedProcess) return 11;
        if (server->receive(1s).error() != ReceiveError::ForkedProcess) return 12;
        if (server->has_requests().error() != ReceiveError::ForkedProcess) return 13;
        if (server->file_descriptor().error() != FileDescriptorError::ForkedProcess) return 14;
        if (request->loan().error() != LoanError::ForkedProcess) return 15;
        if (request->send_copy({}).error() != SendError::ForkedProcess) return 16;
        if (request->is_connected() || request->has_disconnect_hint()) return 17;
        auto set = WaitSetBuilder{}.create().value();
        if (set.attach_notification(*pending).error() != WaitSetAttachmentError::ForkedProcess) return 18;
        if (set.attach_notification(*client).error() != WaitSetAttachmentError::ForkedProcess) return 19;
        if (set.attach_notification(*server).error() != WaitSetAttachmentError::ForkedProcess) return 20;
        if (service.client_builder().create().error() != ClientCreateError::ForkedProcess) return 21;
        if (service.server_builder().create().error() != ServerCreateError::ForkedProcess) return 22;
        pending->cancel();
        pending->set_disconnect_hint();
        response_loan.reset();
        loan.reset();
        held.reset();
        request.reset();
        pending.reset();
        server.reset();
        client.reset();
        return 0;
    });
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 0});

    CHECK((*held)->front() == 2);
    CHECK(request->is_connected());
    CHECK_FALSE(request->has_disconnect_hint());
    CHECK(std::move(*response_loan).write_payload(Large{5}).send().value() == 1);
    request.reset();
    CHECK(next(*pending)->front() == 3);
    CHECK(next(*pending)->front() == 5);
    CHECK(pending->state() == ipc::StreamState::Completed);
    auto again = std::move(*loan).write_payload(Large{6}).send().value();
    CHECK(next(*server)->front() == 4);
    CHECK(next(*server)->front() == 6);
}

#endif
