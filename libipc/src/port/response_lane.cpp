// SPDX-License-Identifier: Apache-2.0
#include "port/response_lane.hpp"

#include "port/client_port.hpp"
#include "port/response_place.hpp"

namespace ipc::port {

ResponseLane::ResponseLane(ResponsePlace& place, std::byte* ring)
    : Intake{ring, place.port().layout().responses, place.port().response(), place.port().max_borrowed()},
      place_{&place} {}

void ResponseLane::open(ring::WakeFence fence) {
    receiver_.set_wake_fence(fence);
    next_.store(0, std::memory_order_relaxed);
    shut_.store(false, std::memory_order_relaxed);
    // Release: pairs with take(), where whoever finds this number finds the new connection.
    served_.store(served_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    borrows_.open();
    use_.store(0, std::memory_order_release);  // pairs with begin()
}

bool ResponseLane::begin(std::uint64_t request) {
    std::uint64_t unused = 0;
    // Acquire: pairs with open(), for the connection.
    return use_.compare_exchange_strong(unused, request, std::memory_order_acquire,
                                        std::memory_order_relaxed);
}

void ResponseLane::end() {
    // Release: what the request did here is over. Acquire: for the last one.
    if ((use_.fetch_and(over, std::memory_order_acq_rel) & over) != 0) shut();
}

void ResponseLane::disconnect() {
    if (use_.fetch_or(over, std::memory_order_acq_rel) == 0) shut();
}

void ResponseLane::close() {
    use_.fetch_or(over, std::memory_order_acq_rel);
    shut();
}

void ResponseLane::shut() {
    if (shut_.exchange(true, std::memory_order_acq_rel)) return;
    if (borrows_.close()) place_->lane_is_idle();
}

Intake::Attempt ResponseLane::take(std::uint64_t request) {
    while (true) {
        const std::uint32_t served = served_.load(std::memory_order_acquire);  // pairs with open()
        const auto look = receiver_.look();
        Attempt attempt;
        if (Receiver::shows_sample(look)) [[likely]] {
            attempt = take_shown(*this, look, served);
        } else if (receiver_.shows_nothing(look)) {
            receiver_.idle();
            return {};
        } else {
            attempt = claim_and_take(*this, served);
        }
        if (attempt.cell == nullptr) return attempt;
        const std::uint64_t answered = attempt.cell->sequence.load(std::memory_order_relaxed);
        if (answered == request) [[likely]]
            return attempt;
        // What an earlier request left goes back, unseen: at most a ring full. What answers a request that
        // was not made yet, no honest server has sent.
        const bool early = answered > request;
        if (early) place_->cut();
        release(*attempt.cell);
        if (early) return {.result = Result::corrupted};
    }
}

Intake::Attempt ResponseLane::take_into(Cell& cell) {
    return take_slowly(*this, cell);
}

Intake::Attempt ResponseLane::finish(Cell& cell, const ring::Taken& taken) {
    if (place_->port().waits_for_room() && receiver_.sender_wants_wake()) [[unlikely]]
        place_->wake_sender();
    if (!fill(*this, cell, taken)) [[unlikely]]
        return give_up(cell, Result::corrupted);
    cell.sequence.store(taken.sequence, std::memory_order_relaxed);
    receiver_.expect_end();  // who makes a call drops the stream after its first response, and asks then
    // Threads that take at the same time may take each other's for missed; status is no more than that.
    const std::uint64_t next = next_.load(std::memory_order_relaxed);
    if (taken.position > next) place_->port().count_missed(taken.position - next);
    next_.store(taken.position + 1, std::memory_order_relaxed);
    return {.cell = &cell, .result = Result::taken};
}

const std::byte* ResponseLane::resolve(const layout::Descriptor& descriptor) const {
    return place_->resolve(descriptor);
}

Intake::Attempt ResponseLane::give_up(Cell& cell, Result result) {
    ResponsePlace& place = *place_;
    if (result == Result::corrupted) place.cut();
    // While the cell is held, the place cannot begin to serve another connection.
    if (borrows_.release(cell.index)) place.lane_is_idle();
    return {.result = result};
}

void ResponseLane::release(Cell& cell) {
    return_delivery(cell);
    // After this the place may serve another connection, and the port may be gone.
    if (borrows_.release(cell.index)) place_->lane_is_idle();
}

void ResponseLane::give_up(std::uint64_t request) {
    receiver_.close(request);
    if (place_->port().waits_for_room()) place_->wake_sender();
}

}  // namespace ipc::port
