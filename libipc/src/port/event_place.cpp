// SPDX-License-Identifier: Apache-2.0
// An event place's connection: how it begins and ends.
#include "port/event_place.hpp"

#include "layout/counters.hpp"
#include "port/listener_port.hpp"
#include "port/peer_handle.hpp"

#include <utility>

namespace ipc::port {

tl::expected<std::unique_ptr<EventPlace>, std::string> EventPlace::create(ListenerPort& port) {
    auto range = shm::AddressRange::reserve(port.layout().size);
    if (!range) return tl::unexpected{range.error().message()};
    return std::make_unique<EventPlace>(port, std::move(*range));
}

EventPlace::EventPlace(ListenerPort& port, shm::AddressRange range)
    : receiver_{range.data(), port.layout()}, port_{&port}, range_{std::move(range)} {}

tl::expected<void, std::string> EventPlace::connect(control::Offer& offer) {
    if (auto mapped = range_.map(offer.connection_segment); !mapped)
        return tl::unexpected{"the connection cannot be mapped: " + mapped.error().message()};
    const wire::ConnectionOffered& details = offer.details;
    connection_ = details.connection;
    notifier_ = details.peer_port;
    position_word_ =
        &port_->counters(details.record)[static_cast<std::size_t>(layout::ReceivingHalfCounter::position)];
    position_word_->store(0, std::memory_order_relaxed);
    state_.store(State::open, std::memory_order_release);  // pairs with state()
    occupants_.open();
    if (details.peer_is_new) port_->add_special(port_->service().notifier_created_event);
    return {};
}

// The process may have ended before its notifier's last word to the broker arrived here: what that word was
// is in the connection, too.
void EventPlace::end(wire::RemovalReason reason) {
    const bool dead = reason == wire::RemovalReason::PeerDied && !receiver_.sender_closed();
    if (!close(Ending::left) || reason == wire::RemovalReason::Cut) return;
    const wire::EventSettings& service = port_->service();
    port_->add_special(dead ? service.notifier_dead_event : service.notifier_dropped_event);
}

bool EventPlace::has_events() {
    if (!receiver_.has_data()) return false;
    const Visit visit{*this};
    return visit.is_inside() && receiver_.has_unclaimed();
}

void EventPlace::say_closed() {
    if (is_connected()) receiver_.close();
}

bool EventPlace::close(Ending ending) {
    State open = State::open;
    if (!state_.compare_exchange_strong(open, State::closing, std::memory_order_acq_rel)) return false;
    ending_ = ending;
    if (occupants_.close()) clear_up();
    return true;
}

// Nobody is inside, and nobody can enter. Threads that look for news meanwhile find zeros.
void EventPlace::clear_up() {
    const Ending ending = ending_;
    const CutEvents cut{.connection = connection_, .notifier = notifier_};
    // A peer that is not gone, whatever the broker says, may write on: one look finds what was told before.
    if (ending == Ending::left)
        (void)receiver_.collect([this](std::uint64_t id, std::uint64_t count) {
            note(count);
            port_->add_left({.id = id, .count = count});
        });
    const bool cleared = range_.clear().has_value();
    receiver_.begin_again();
    state_.store(cleared ? State::free : State::lost, std::memory_order_release);  // pairs with state()
    if (ending == Ending::cut) port_->report_cut(cut);
    port_->place_ended();
}

}  // namespace ipc::port
