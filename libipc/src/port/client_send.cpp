// SPDX-License-Identifier: Apache-2.0
// A client's operations, over the way of a block that all sending ports have.
#include "port/client_port.hpp"
#include "port/sending.hpp"
#include "port/waiting.hpp"

#include <chrono>
#include <utility>

namespace ipc::port {

namespace {

// The two enums have the errors of sending in common, in the same order.
RequestSendError to_request_error(std::int64_t outcome) {
    return static_cast<RequestSendError>(-1 - outcome);
}

}  // namespace

detail::LoanedChunk ClientPort::loan(std::uint64_t elements) {
    if (is_forked_copy()) return no_loan(LoanError::ForkedProcess);
    const auto lock = attend();
    return loan_elements(elements);
}

void ClientPort::return_loan(ring::ChunkId chunk) {
    if (is_forked_copy()) return;
    auto lock = lock_if_shared();
    end_loan(chunk);
    end_if_unused(std::move(lock));
}

expected<std::size_t, RequestSendError> ClientPort::update_connections() {
    if (is_forked_copy()) return unexpected{RequestSendError::ForkedProcess};
    if (session().control_descriptor() >= 0) session().process();
    const auto lock = attend();
    give_back_all_idle();
    return connections_.size();
}

detail::SentRequest ClientPort::send(ring::ChunkId chunk, std::chrono::nanoseconds deadline) {
    if (is_forked_copy()) return {.request = nullptr, .error = RequestSendError::ForkedProcess};
    auto lock = attend();
    const auto lane = under_way_.claim();
    if (lane == ring::Borrows<ring::StdAtomics>::no_cell) {
        end_loan(chunk);
        end_if_unused(std::move(lock));
        return {.request = nullptr, .error = RequestSendError::ExceedsMaxActiveRequests};
    }
    count_active(under_way_.held());
    PendingRequest& request = *requests_[lane];
    if (deadline.count() == 0) deadline = settings_.deadline;
    const std::uint64_t until =
        deadline.count() <= 0 ? 0
                              : layout::sum(steady_now_ns(), static_cast<std::uint64_t>(deadline.count()));
    const std::uint64_t number = sent_.value() + 1;
    request.begin(number, until);
    if (settings_.retry) {
        add_references(chunk, 1);
        request.kept = chunk;
    }
    choose(lane, number);
    const std::int64_t outcome = give(request, chunk, number);
    end_if_unused(std::move(lock));
    if (outcome >= 0) return {.request = &request, .error = {}};
    request.drop();
    return {.request = nullptr, .error = to_request_error(outcome)};
}

bool ClientPort::send_again(PendingRequest& request) {
    const auto lock = attend();
    if (!request.is_lost_unanswered()) return true;  // another thread was faster
    const std::uint64_t lost = request.number();
    const std::uint64_t number = sent_.value() + 1;
    choose(request.lane(), number);
    if (attempts_.empty()) return false;
    request.renumber(number);
    for (ResponsePlace& place : places_)
        if (place.lane(request.lane()).serves(lost)) place.lane(request.lane()).end();
    // As if it were loaned once more.
    add_references(request.kept, 1);
    loaned_.add(1);
    return give(request, request.kept, number) > 0;
}

std::int64_t ClientPort::give(PendingRequest& request, ring::ChunkId chunk, std::uint64_t number) {
    sent_.set(number);
    std::byte* const block = block_at(chunk);
    const std::uint64_t lane = request.lane();
    ring::StdAtomics::word(block, block_.lane_offset).store(lane, std::memory_order_relaxed);
    ring::StdAtomics::word(block, block_.deadline_offset)
        .store(request.deadline_ns(), std::memory_order_relaxed);

    targets_.clear();
    for (Attempt& attempt : attempts_) {
        OutgoingRing& ring = attempt.connection->ring;
        attempt.written_before = ring.sender.written();
        attempt.displaced_before = ring.displaced_end;
        targets_.push_back(&ring);
    }
    const std::int64_t outcome = send_any(targets_, number, chunk);
    std::size_t servers = 0;
    for (const Attempt& attempt : attempts_) {
        RequestConnection& connection = *attempt.connection;
        if (connection.ring.sender.written() != attempt.written_before) {
            ++servers;
            connection.place->lane(request.lane()).note_sent(attempt.written_before);
        } else {
            connection.place->lane(request.lane()).end();
        }
        if (connection.ring.displaced_end != attempt.displaced_before) [[unlikely]]
            note_displaced(connection);
    }
    request.went_to(servers);
    leaving_.clear();
    return outcome;
}

// An older request has made room for this one, and its server will never see it. (A lane that remembers that
// position of an earlier request, or of an earlier connection, serves none here: nobody asks what it notes.)
void ClientPort::note_displaced(RequestConnection& connection) {
    for (const auto& request : requests_) {
        ResponseLane& lane = connection.place->lane(request->lane());
        if (!lane.was_sent_at(connection.ring.displaced_end - 1)) continue;
        lane.displace(request->number());
        request->wake();
    }
}

// Which servers get the request. Their lanes begin to serve it: whoever answers finds it under way, also
// before the send returns.
void ClientPort::choose(std::uint32_t lane, std::uint64_t number) {
    attempts_.clear();
    const auto begin = [&](RequestConnection& connection) {
        if (connection.place->begin(lane, number, connection.served))
            attempts_.push_back({&connection, 0, 0});
    };
    if (settings_.routing == Routing::ToAll) {
        for (const Connection& connection : connections_)
            if (!connection->ring.sender.receiver_closed()) begin(*connection);
        return;
    }
    ++turn_;
    // One that is gone meanwhile is not found again.
    while (attempts_.empty()) {
        RequestConnection* const least = least_loaded();
        if (least == nullptr) return;
        begin(*least);
    }
}

RequestConnection* ClientPort::least_loaded() {
    RequestConnection* best = nullptr;
    std::size_t fewest = 0;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        RequestConnection* const connection = connections_[(turn_ + i) % connections_.size()].get();
        // A server that is closed, and still answers what it holds, takes nothing new.
        if (!connection->is_there() || connection->ring.sender.receiver_closed()) continue;
        const std::size_t load = connection->place->requests_under_way();
        if (best == nullptr || load < fewest) {
            best = connection;
            fewest = load;
        }
    }
    return best;
}

}  // namespace ipc::port
