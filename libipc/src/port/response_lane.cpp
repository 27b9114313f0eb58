// SPDX-License-Identifier: Apache-2.0
#include "port/response_lane.hpp"

#include "port/client_port.hpp"
#include "port/response_place.hpp"

#include <utility>

namespace ipc::port {

ResponseLane::ResponseLane(ResponsePlace& place, std::byte* ring)
    : Intake{ring, place.port().layout().responses, place.port().response(), place.port().max_borrowed()},
      buffer_size_{place.port().layout().responses.buffer_size},
      place_{&place} {}

void ResponseLane::open(ring::WakeFence fence) {
    receiver_.set_wake_fence(fence);
    next_.store(0, std::memory_order_relaxed);
    shut_.store(false, std::memory_order_relaxed);
    // Release: pairs with take(), where whoever finds this number finds the new connection.
    served_.store(served_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    borrows_.open();
    use_.open();
}

bool ResponseLane::begin(std::uint64_t request) {
    return use_.begin(request);
}

void ResponseLane::end() {
    if (!use_.end()) return;
    shut();
    place_->let_go();
}

void ResponseLane::disconnect() {
    if (!use_.close()) return;
    shut();
    place_->let_go();
}

void ResponseLane::close() {
    shut();
    if (use_.close()) place_->let_go();
}

void ResponseLane::shut() {
    if (shut_.exchange(true, std::memory_order_acq_rel)) return;
    if (borrows_.close()) place_->let_go();
}

Intake::Attempt ResponseLane::take(std::uint64_t request) {
    // What an earlier request left goes back, unseen: an honest server leaves at most a ring full. Of one
    // that sends more of it no receive takes more than that.
    for (std::uint64_t left = buffer_size_ + 1; left != 0; --left) {
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
        // Another thread may have given the request to another server, under another number, meanwhile.
        if (use_.serves(answered)) return attempt;
        // What answers a request that was not made yet, no honest server has sent.
        const bool early = answered > request;
        if (early) place_->cut();
        release(*attempt.cell);
        if (early) return {.result = Result::corrupted};
    }
    return {};
}

Intake::Attempt ResponseLane::take_into(Cell& cell) {
    return take_slowly(*this, cell);
}

Intake::Attempt ResponseLane::finish(Cell& cell, const ring::Taken& taken) {
    return finish_filled(cell, taken, fill(*this, cell, taken));
}

Intake::Attempt ResponseLane::finish_slowly(Cell& cell, const ring::Taken& taken) {
    return finish_filled(cell, taken, fill(*this, cell, taken) || fill_from_further(*this, cell, taken));
}

Intake::Attempt ResponseLane::finish_filled(Cell& cell, const ring::Taken& taken, bool is_there) {
    if (place_->port().waits_for_room() && receiver_.sender_wants_wake()) [[unlikely]]
        place_->wake_sender();
    if (!is_there) [[unlikely]]
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

std::uint64_t ResponseLane::bytes_from(const layout::Descriptor& descriptor) const {
    return place_->bytes_from(descriptor);
}

Intake::Attempt ResponseLane::give_up(Cell& cell, Result result) {
    ResponsePlace& place = *place_;
    if (cell.origin != 0) leave_origin(cell);
    if (result == Result::corrupted) place.cut();
    // While the cell is held, the place cannot begin to serve another connection.
    if (borrows_.release(cell.index)) place.let_go();
    return {.result = result};
}

FurtherMemory::Held ResponseLane::hold(const layout::Descriptor& descriptor) const {
    return place_->hold(descriptor);
}

// Before the delivery is returned: then an honest server may give its segment back.
void ResponseLane::leave_origin(Cell& cell) {
    place_->let_go_of_segment(std::exchange(cell.origin, std::uint8_t{0}));
}

void ResponseLane::release(Cell& cell) {
    if (cell.origin != 0) [[unlikely]]
        leave_origin(cell);
    return_delivery(cell);
    // After this the place may serve another connection, and the port may be gone.
    if (borrows_.release(cell.index)) place_->let_go();
}

void ResponseLane::give_up(std::uint64_t request) {
    receiver_.close(request);
    if (place_->port().waits_for_room()) place_->wake_sender();
}

}  // namespace ipc::port
