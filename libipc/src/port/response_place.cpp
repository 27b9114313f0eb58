// SPDX-License-Identifier: Apache-2.0
#include "port/response_place.hpp"

#include "port/client_port.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

tl::expected<std::unique_ptr<ResponsePlace>, std::string> ResponsePlace::create(ClientPort& port) {
    auto range = shm::AddressRange::reserve(port.layout().size);
    if (!range) return tl::unexpected{range.error().message()};
    auto place = std::make_unique<ResponsePlace>(port, std::move(*range));
    if (port.residence() != shm::Residence::when_touched)
        for (const auto& lane : place->lanes_) lane->touch_rooms();
    return place;
}

ResponsePlace::ResponsePlace(ClientPort& port, shm::AddressRange range)
    : port_{&port}, range_{std::move(range)} {
    const layout::RequestConnection& layout = port.layout();
    for (std::size_t i = 0; i < layout.lane_count; ++i)
        lanes_.push_back(std::make_unique<ResponseLane>(*this, range_.data() + layout.lane(i)));
}

tl::expected<void, std::string> ResponsePlace::connect(control::Offer& offer) {
    const wire::ConnectionOffered& details = offer.details;
    auto memory = SenderMemory::map(offer, port_->response(), port_->residence());
    if (!memory) return tl::unexpected{std::move(memory.error())};
    if (auto mapped = map_connection_at(range_, offer.connection_segment, port_->residence()); !mapped)
        return mapped;

    const std::lock_guard lock{ending_};
    memory_ = std::move(*memory);
    connection_ = details.connection;
    server_ = details.peer_port;
    keepers_.store(2 * lanes_.size(), std::memory_order_relaxed);
    // Before any request can begin: who does for the connection before this one finds that it is over.
    served_.store(served_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    for (const auto& lane : lanes_) lane->open(wake_fence_towards(offer));
    state_.store(State::Open, std::memory_order_release);
    return {};
}

tl::expected<void, std::string> ResponsePlace::add_segment(const control::FurtherSegment& segment) {
    auto mapping = FurtherMemory::map(segment, port_->residence());
    if (!mapping) return tl::unexpected{std::move(mapping.error())};
    const std::lock_guard lock{ending_};  // of clearing up
    if (!is_connected()) return {};
    return memory_.further().add(segment, std::move(*mapping));
}

void ResponsePlace::withdraw_segment(wire::Uuid segment) {
    const std::lock_guard lock{ending_};
    memory_.further().withdraw(segment);
}

void ResponsePlace::keep_only_segments(const std::vector<wire::Uuid>& segments) {
    const std::lock_guard lock{ending_};
    memory_.further().keep_only(segments);
}

bool ResponsePlace::begin(std::size_t lane, std::uint64_t request, std::uint32_t served) {
    if (!lanes_[lane]->begin(request)) return false;
    // The connection may have given way to another server's, and stays now whose it is.
    if (this->served() == served) return true;
    lanes_[lane]->end();
    return false;
}

std::size_t ResponsePlace::requests_under_way() const {
    return static_cast<std::size_t>(
        std::count_if(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->is_in_use(); }));
}

void ResponsePlace::raise_wake() {
    if (!is_connected()) return;
    // All lanes: a request that begins while this one sleeps is answered, too.
    for (const auto& lane : lanes_) lane->raise_wake();
}

bool ResponsePlace::has_data() const {
    if (!is_connected()) return false;
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const auto& lane) { return lane->is_in_use() && lane->has_data(); });
}

bool ResponsePlace::sender_can_wake() const {
    return state() != State::Open || lanes_.front()->sender_has_handle();
}

void ResponsePlace::take_sender_handle(shm::UniqueFd handle, const control::Session& session) {
    const std::lock_guard lock{ending_};
    if (!is_connected()) return;
    if (sender_handle_.take(std::move(handle), session))
        for (const auto& lane : lanes_) lane->confirm_sender_handle();
}

bool ResponsePlace::hold() {
    std::size_t keepers = keepers_.load(std::memory_order_relaxed);
    do {
        if (keepers == 0) return false;
    } while (!keepers_.compare_exchange_weak(keepers, keepers + 1, std::memory_order_acq_rel));
    return true;
}

// Requests that the server was given, and what it sent for them, stay until they are over.
void ResponsePlace::end(wire::RemovalReason reason) {
    if (reason == wire::RemovalReason::Cut) return close();
    if (!hold()) return;
    State open = State::Open;
    if (state_.compare_exchange_strong(open, State::Draining, std::memory_order_acq_rel))
        for (const auto& lane : lanes_) lane->disconnect();
    let_go();
}

bool ResponsePlace::begin_close() {
    State before = state();
    do {
        if (before != State::Open && before != State::Draining) return false;
    } while (!state_.compare_exchange_weak(before, State::Closing, std::memory_order_acq_rel));
    return true;
}

void ResponsePlace::close() {
    if (!hold()) return;
    if (begin_close()) close_lanes();
    let_go();
}

void ResponsePlace::close_lanes() {
    for (const auto& lane : lanes_) lane->close();
}

// Called by who holds a cell.
void ResponsePlace::cut() {
    if (!begin_close()) return;
    port_->report_cut(connection_, server_);
    close_lanes();
}

void ResponsePlace::let_go() {
    // Acquire: the last has seen what all others did; release: what this one did is over.
    if (keepers_.fetch_sub(1, std::memory_order_acq_rel) == 1) clear_up();
}

// Nobody holds anything of any lane, and nobody can get it. Threads that look for news meanwhile find zeros.
void ResponsePlace::clear_up() {
    {
        const std::lock_guard lock{ending_};
        memory_ = SenderMemory{};
        sender_handle_.drop();
        const bool cleared = range_.clear().has_value();
        for (const auto& lane : lanes_) lane->begin_again();
        state_.store(cleared ? State::Free : State::Lost, std::memory_order_release);
    }
    port_->place_ended();
}

}  // namespace ipc::port
