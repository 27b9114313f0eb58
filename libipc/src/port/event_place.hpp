// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/alignment.hpp"
#include "ring/atomics.hpp"
#include "ring/event_receiver.hpp"
#include "ring/occupants.hpp"
#include "shm/address_range.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace ipc::port {

class ListenerPort;

// Where a listener has one notifier's connection. It lives as long as the port, at one address, and serves
// one connection after another: so a thread that looks for news here never finds the memory gone, and the
// port needs no lock for what the control thread changes. When the notifier is gone, what it left unheard
// goes into the port's box, and the place is free at once.
class alignas(layout::separation) EventPlace {
 public:
    using Receiver = ring::EventReceiver<ring::StdAtomics>;

    static tl::expected<std::unique_ptr<EventPlace>, std::string> create(ListenerPort& port);
    EventPlace(ListenerPort& port, shm::AddressRange range);

    // By any thread of the listener: sink(id, count) for all that happened since, or for one occurrence of
    // one event.
    template <class Sink>
    void collect(bool one, Sink&& sink);

    // Whether collect() would find something. Unlike has_data(), it looks.
    bool has_events();

    // In the words of ring/arming.hpp.
    void raise_wake() {
        if (is_connected()) receiver_.raise_wake();
    }
    bool has_data() const { return receiver_.has_data() && is_connected(); }
    bool sender_can_wake() const { return !is_connected() || receiver_.sender_has_handle(); }

    bool is_connected() const { return state() == State::open; }
    bool is_free() const { return state() == State::free; }

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer& offer);
    void end(wire::RemovalReason reason);
    bool make_free() { return false; }  // what is not free yet is being left
    // A notifier never sleeps: there is nobody to be woken.
    void take_sender_handle(shm::UniqueFd, const control::Session&) {}
    void say_closed();
    // What is there is given up: nobody listens any more.
    void close() { (void)close(Ending::unheard); }

    wire::Uuid connection() const { return connection_; }

 private:
    enum class State : std::uint8_t {
        free,
        open,
        closing,  // threads that are still inside
        lost,     // its memory could not be taken back from the last connection
    };
    // How a connection ends, and what becomes of what was not heard.
    enum class Ending : std::uint8_t {
        unheard,  // it is given up
        cut,      // likewise, and the broker is told
        left,     // it goes into the port's box
    };
    class Visit;
    State state() const { return state_.load(std::memory_order_acquire); }
    // True for the one call of each connection that did it.
    bool close(Ending ending);
    void clear_up();
    // Of the notifier: they were told, or are in the box.
    void note(std::uint64_t notifications) {
        position_word_->fetch_add(notifications, std::memory_order_relaxed);
    }

    // What a poll touches.
    Receiver receiver_;
    ring::Occupants<ring::StdAtomics> occupants_;
    std::atomic<State> state_{State::free};
    std::atomic<std::uint64_t>* position_word_ = nullptr;
    ListenerPort* port_;

    Ending ending_ = Ending::unheard;  // by whoever ended it, for whoever clears up
    wire::Uuid connection_;
    wire::Uuid notifier_;
    shm::AddressRange range_;
};

// A thread that is inside: the connection does not go away.
class EventPlace::Visit {
 public:
    explicit Visit(EventPlace& place) : place_{place}, inside_{place.occupants_.enter()} {}
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit() {
        if (inside_ && place_.occupants_.leave()) place_.clear_up();
    }
    bool is_inside() const { return inside_; }

 private:
    EventPlace& place_;
    bool inside_;
};

template <class Sink>
void EventPlace::collect(bool one, Sink&& sink) {
    if (!receiver_.has_data()) return;
    const Visit visit{*this};  // over also where the sink throws
    if (!visit.is_inside()) return;
    const auto tell = [&](std::uint64_t id, std::uint64_t count) {
        note(count);
        sink(id, count);
    };
    const auto outcome = one ? receiver_.collect_one(tell) : receiver_.collect(tell);
    if (outcome == Receiver::Outcome::corrupted) [[unlikely]]
        (void)close(Ending::cut);
}

}  // namespace ipc::port
