// SPDX-License-Identifier: Apache-2.0
#include "port/pending_request.hpp"

#include "port/client_port.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

// The request's lanes, for ring/arming.hpp: those of servers that were given it.
class PendingRequest::Lanes {
 public:
    struct Lane {
        ResponsePlace& place;
        ResponseLane& lane;
        bool serves;

        void raise_wake() const {
            if (serves && place.is_connected()) lane.raise_wake();
        }
        bool has_data() const { return serves && place.is_connected() && lane.has_data(); }
        bool sender_can_wake() const { return !serves || !place.is_open() || lane.sender_has_handle(); }
    };
    class Iterator {
     public:
        Iterator(PlaceTable<ResponsePlace>::Iterator at, std::uint32_t lane, std::uint64_t number)
            : at_{at}, lane_{lane}, number_{number} {}
        Lane operator*() const {
            ResponseLane& lane = (*at_).lane(lane_);
            return {*at_, lane, lane.serves(number_)};
        }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return at_ != other.at_; }

     private:
        PlaceTable<ResponsePlace>::Iterator at_;
        std::uint32_t lane_;
        std::uint64_t number_;
    };

    Lanes(const PlaceTable<ResponsePlace>& places, std::uint32_t lane, std::uint64_t number)
        : places_{places}, lane_{lane}, number_{number} {}
    Iterator begin() const { return {places_.begin(), lane_, number_}; }
    Iterator end() const { return {places_.end(), lane_, number_}; }

 private:
    const PlaceTable<ResponsePlace>& places_;
    std::uint32_t lane_;
    std::uint64_t number_;
};

PendingRequest::Lanes PendingRequest::lanes() const {
    return {port_->places(), lane_, number()};
}

PendingRequest::PendingRequest(ClientPort& port, std::uint32_t lane, SharedHandle& handle)
    : port_{&port}, lane_{lane}, sleeper_{handle} {}

void PendingRequest::begin(std::uint64_t number, std::uint64_t deadline_ns) {
    number_.store(number, std::memory_order_relaxed);
    deadline_ns_ = deadline_ns;
    given_.store(0, std::memory_order_relaxed);
    cancelled_.store(false, std::memory_order_relaxed);
    received_.store(0, std::memory_order_relaxed);
    noted_.store(0, std::memory_order_relaxed);
    lost_.store(false, std::memory_order_relaxed);
    kept = ring::no_chunk;
    sleeper_.begin_again();
    another_use();
}

// For status, when there is time.
void PendingRequest::note_received() {
    const std::uint64_t received = received_.load(std::memory_order_relaxed);
    const std::uint64_t noted = noted_.load(std::memory_order_relaxed);
    if (received == noted) [[likely]]
        return;
    noted_.store(received, std::memory_order_relaxed);
    port_->count_received(received - noted);
}

void PendingRequest::renumber(std::uint64_t number) {
    lost_.store(true, std::memory_order_relaxed);
    // Release: pairs with number(): whoever finds it finds the lanes that serve it.
    number_.store(number, std::memory_order_release);
    // Whoever sleeps has not raised the wake word of these lanes.
    sleeper_.disturb();
    sleeper_.wake();
}

void PendingRequest::went_to(std::size_t servers) {
    given_.store(servers, std::memory_order_relaxed);
    if (servers != 0) lost_.store(false, std::memory_order_relaxed);
}

// Each server's lane once, beginning behind the one that was served last.
detail::TakenSample PendingRequest::take() {
    if (cancelled_.load(std::memory_order_relaxed)) return detail::TakenSample::nothing();
    const auto& places = port_->places();
    const std::uint64_t request = number();
    const std::size_t count = places.size();
    const std::size_t first = next_.load(std::memory_order_relaxed);
    std::size_t index = first;
    bool exhausted = false;
    for (std::size_t looked = 0; looked < count; ++looked) {
        if (index >= count) index = 0;
        ResponseLane& lane = places[index]->lane(lane_);
        ++index;
        if (!lane.serves(request)) continue;
        const Intake::Attempt attempt = lane.take(request);
        if (attempt.cell != nullptr) {
            if (index != first) next_.store(index, std::memory_order_relaxed);
            received_.store(received_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
            return {.held = attempt.cell, .failure = 0};
        }
        exhausted = exhausted || attempt.result == Intake::Result::exhausted;
    }
    if (exhausted) return detail::TakenSample::failed(ReceiveError::ExceedsMaxBorrows);
    note_received();
    return detail::TakenSample::nothing();
}

detail::TakenSample PendingRequest::receive() {
    if (port_->is_forked_copy()) return detail::TakenSample::failed(ReceiveError::ForkedProcess);
    auto taken = take();
    if (!taken.is_nothing()) return taken;
    if (port_->retries() && is_lost_unanswered() && port_->send_again(*this)) taken = take();
    if (taken.is_nothing() && sleeper_.is_watched()) [[unlikely]]
        sleeper_.be_quiet(port_->talk(), port_->id(), lanes(),
                          [this] { return seen_state() != StreamState::Open; });
    return taken;
}

detail::TakenSample PendingRequest::receive(std::chrono::nanoseconds timeout) {
    if (port_->is_forked_copy()) return detail::TakenSample::failed(ReceiveError::ForkedProcess);
    const Deadline deadline = deadline_in(timeout);
    control::Session& session = port_->talk();
    while (true) {
        if (const auto taken = take(); !taken.is_nothing()) return taken;
        if (state() != StreamState::Open) return take();
        if (session.termination_requested()) return detail::TakenSample::failed(ReceiveError::Interrupted);
        if (Deadline::clock::now() >= deadline) return detail::TakenSample::nothing();
        sleeper_.sleep(
            session, port_->id(), lanes(), [this] { return seen_state() != StreamState::Open; },
            std::min(deadline, request_deadline()));
    }
}

bool PendingRequest::has_response() {
    if (cancelled_.load(std::memory_order_relaxed)) return false;
    const Lanes all = lanes();
    for (auto&& lane : all)
        if (lane.has_data()) return true;
    return false;
}

bool PendingRequest::is_lost_unanswered() const {
    return received_.load(std::memory_order_relaxed) == 0 && seen_state() == StreamState::PeerDied;
}

StreamState PendingRequest::state() {
    if (port_->is_forked_copy()) return StreamState::PeerDied;
    StreamState seen = seen_state();
    // The next server may die before it is looked at, too.
    while (seen == StreamState::PeerDied && port_->retries() && is_lost_unanswered() &&
           port_->send_again(*this))
        seen = seen_state();
    return seen;
}

StreamState PendingRequest::seen_state() const {
    if (cancelled_.load(std::memory_order_relaxed)) return StreamState::Cancelled;
    const std::uint64_t request = number();
    bool open = false;
    bool ended = false;
    bool displaced = false;
    bool died = lost_.load(std::memory_order_relaxed);
    const Lanes all = lanes();
    for (auto&& [place, lane, serves] : all) {
        if (!serves) continue;
        // Before the look at the lane: what a server that is gone had said is all there.
        const bool is_there = place.is_open();
        if (place.is_connected() && lane.has_ended(request)) {
            ended = true;
            continue;
        }
        if (lane.is_displaced(request)) {
            displaced = true;
            continue;
        }
        // Of a server that was cut, nothing more is received.
        if (is_there || (place.is_connected() && lane.has_data()))
            open = true;
        else
            died = true;
    }
    if (open) return deadline_has_passed() ? StreamState::DeadlineExceeded : StreamState::Open;
    if (died) return StreamState::PeerDied;
    return displaced && !ended ? StreamState::Cancelled : StreamState::Completed;
}

bool PendingRequest::deadline_has_passed() const {
    return deadline_ns_ != 0 && Deadline::clock::now() >= request_deadline();
}

Deadline PendingRequest::request_deadline() const {
    return deadline_ns_ == 0 ? Deadline::max() : deadline_at(deadline_ns_);
}

void PendingRequest::cancel() {
    if (port_->is_forked_copy() || cancelled_.exchange(true, std::memory_order_relaxed)) return;
    const std::uint64_t request = number();
    const Lanes all = lanes();
    for (auto&& [place, lane, serves] : all)
        if (serves && place.is_connected()) lane.give_up(request);
    sleeper_.wake();  // another thread may wait for what does not come any more
}

void PendingRequest::hint_disconnect() {
    if (port_->is_forked_copy()) return;
    const std::uint64_t request = number();
    const Lanes all = lanes();
    for (auto&& [place, lane, serves] : all)
        if (serves && place.is_connected()) lane.hint_disconnect(request);
}

void PendingRequest::drop() {
    if (port_->is_forked_copy()) return;
    const std::uint64_t request = number();
    const std::uint64_t buffer = port_->layout().responses.buffer_size;
    const Lanes all = lanes();
    for (auto&& [place, lane, serves] : all) {
        if (!serves) continue;
        if (place.is_connected() && !lane.stream_ended(request)) lane.give_up(request);
        // What nobody received goes back now, and not with the next request in this lane.
        for (std::uint64_t i = 0; i < buffer; ++i) {
            const Intake::Attempt left = lane.take(request);
            if (left.cell == nullptr) break;
            lane.release(*left.cell);
        }
        lane.end();
    }
    number_.store(0, std::memory_order_relaxed);
    another_use();
    note_received();
    port_->finished(*this);
}

tl::expected<int, control::CallFailure> PendingRequest::file_descriptor() {
    if (port_->is_forked_copy()) return tl::unexpected{ClientPort::of_another_process()};
    return sleeper_.descriptor(port_->talk(), port_->id());
}

tl::expected<int, control::CallFailure> PendingRequest::attach() {
    if (port_->is_forked_copy()) return tl::unexpected{ClientPort::of_another_process()};
    return sleeper_.attach(port_->talk(), port_->id());
}

WaitSource::Look PendingRequest::look() {
    if (has_response()) return WaitSource::Look::something_there;
    const auto has_ended = [this] { return seen_state() != StreamState::Open; };
    if (has_ended()) return WaitSource::Look::something_there;
    return sleeper_.lie_down(port_->talk(), port_->id(), lanes(), has_ended)
               ? WaitSource::Look::something_there
               : WaitSource::Look::quiet;
}

Deadline PendingRequest::next_look() {
    return std::min(sleeper_.next_look(lanes()), request_deadline());
}

namespace {

// What a wait set has of a request: the port, and which use of the request's room is meant.
class PendingWatch final : public WaitSource {
 public:
    PendingWatch(std::shared_ptr<WaitSource> port, PendingRequest& request)
        : port_{std::move(port)}, request_{request}, use_{request.use()} {}

    tl::expected<int, control::CallFailure> attach() override { return request_.attach(); }
    Look look() override {
        if (!request_.port().enter()) return Look::ended;
        const Look seen = is_over() ? Look::ended : request_.look();
        request_.port().leave();
        return seen;
    }
    Deadline next_look() const override { return is_over() ? Deadline::max() : request_.next_look(); }
    void wake() override { request_.wake(); }

 private:
    bool is_over() const { return request_.use() != use_; }

    std::shared_ptr<WaitSource> port_;
    PendingRequest& request_;
    const std::uint64_t use_;
};

}  // namespace

std::shared_ptr<WaitSource> PendingRequest::wait_source() {
    return std::make_shared<PendingWatch>(port_->wait_source(), *this);
}

}  // namespace ipc::port
