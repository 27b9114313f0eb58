// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/place_table.hpp"
#include "port/sleeper.hpp"
#include "port/wait_source.hpp"
#include "port/waiting.hpp"
#include "service/service_handle.hpp"
#include "shm/fork_guard.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ipc::port {

// What all receiving ports have in common: places for the connections of their senders, what wakes them, and
// how they end. `Port` is what derives from it, and `Place` is what it has for each sender.
//
// The port owns itself. It ends when its user has closed it and every place is free; only then is the broker
// told, for until then the senders must leave alone what is held.
template <class Port, class Place>
class ReceivingPort : public control::PortLink, public WaitSource {
 public:
    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }
    wire::Uuid id() const { return id_; }
    std::atomic<std::uint64_t>* counters(std::uint32_t record) const {
        return service_->session()->counters(record);
    }

    // A forked child has the pipe that its parent sleeps on, and would read it empty.
    static control::CallFailure of_another_process() {
        return {.kind = control::CallFailure::Kind::ForkedProcess,
                .message = "this port belongs to the process that forked this one; create a node here"};
    }

    tl::expected<int, control::CallFailure> file_descriptor() {
        if (is_forked_copy()) return tl::unexpected{of_another_process()};
        return sleeper_.descriptor(session(), id_);
    }

    std::shared_ptr<WaitSource> wait_source() const { return self_; }

    // A wait set's.
    tl::expected<int, control::CallFailure> attach() final {
        if (is_forked_copy()) return tl::unexpected{of_another_process()};
        return sleeper_.attach(session(), id_);
    }
    Look look() final {
        if (!enter()) return Look::ended;
        const bool found = port().finds_something() || sleeper_.lie_down(session(), id_, places_, [this] {
            return port().has_something_else();
        });
        place_ended();
        return found ? Look::something_there : Look::quiet;
    }
    Deadline next_look() const final { return sleeper_.next_look(places_); }
    void wake() final { sleeper_.wake(); }

    // By whoever has it. After this the port may be gone.
    void close() {
        if (is_forked_copy()) return;
        {
            const std::lock_guard lock{closing_};
            closed_ = true;
            for (Place& place : places_) {
                place.say_closed();
                place.close();
            }
        }
        place_ended();
    }

    // By a place that is free now, or a look that is over. After this the port may be gone.
    void place_ended() {
        // Release: what this user did is over. Acquire: for the last one.
        if (users_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        session().drop_port(id_);
        // A wait set may keep the port for a while; that should not keep the node.
        const auto service = std::move(service_);
        const auto self = std::move(self_);
    }

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override {
        const std::lock_guard lock{closing_};
        if (auto why = port().why_unfit(offer.details)) return tl::unexpected{std::move(*why)};
        if (closed_) {
            // Only what is held keeps the port: the sender learns that nobody takes his.
            port().refuse_politely(offer);
            return {};
        }
        if (auto connected = occupy([&](Place& place) { return place.connect(offer); }); !connected)
            return connected;
        sleeper_.disturb();
        own_handle_.wake();
        return {};
    }

    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override {
        {
            const std::lock_guard lock{closing_};
            Place* const place = find(connection);
            if (place == nullptr) return;
            place->end(reason);
        }
        own_handle_.wake();
    }

    // Of places that read their sender's memory.
    tl::expected<void, std::string> segment_offered(wire::Uuid connection,
                                                    control::FurtherSegment segment) override {
        if constexpr (requires(Place & place) { place.add_segment(segment); }) {
            const std::lock_guard lock{closing_};
            if (Place* const place = find(connection)) return place->add_segment(segment);
            return {};
        } else {
            return tl::unexpected{std::string{"the port reads nobody's memory"}};
        }
    }
    void segment_withdrawn(wire::Uuid connection, wire::Uuid segment) override {
        if constexpr (requires(Place & place) { place.withdraw_segment(segment); }) {
            const std::lock_guard lock{closing_};
            if (Place* const place = find(connection)) place->withdraw_segment(segment);
        }
    }
    void segments_left(wire::Uuid connection, const std::vector<wire::Uuid>& segments) override {
        if constexpr (requires(Place & place) { place.keep_only_segments(segments); }) {
            const std::lock_guard lock{closing_};
            if (Place* const place = find(connection)) place->keep_only_segments(segments);
        }
    }

    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override {
        const std::lock_guard lock{closing_};
        if (Place* const place = find(connection)) place->take_sender_handle(std::move(handle), session());
    }

 protected:
    // As many places again as there can be senders: for those that are gone and still have something here.
    ReceivingPort(std::shared_ptr<detail::ServiceHandle> service, wire::Uuid id, std::uint64_t max_senders,
                  SharedHandle::Sleepers sleepers = SharedHandle::Sleepers::one)
        : places_{2 * static_cast<std::size_t>(max_senders) + 2},
          own_handle_{sleepers},
          id_{id},
          service_{std::move(service)} {}

    void own(std::shared_ptr<Port> self) { self_ = std::move(self); }

    control::Session& session() const { return *service_->session(); }

    // A user of the port: it does not end under him before place_ended(). False: it is closed.
    bool enter() {
        const std::lock_guard lock{closing_};
        if (closed_) return false;
        users_.fetch_add(1, std::memory_order_relaxed);
        return true;
    }
    // By who is one already.
    void hold() { users_.fetch_add(1, std::memory_order_relaxed); }

    Place* find(wire::Uuid connection) {
        for (Place& place : places_)
            if (place.is_connected() && place.connection() == connection) return &place;
        return nullptr;
    }
    std::size_t used() const { return places_.size(); }

    // Begins something in a place that is free.
    template <class Begin>
    tl::expected<void, std::string> occupy(Begin&& begin) {
        auto place = place_for_connection();
        if (!place) return tl::unexpected{std::move(place.error())};
        users_.fetch_add(1, std::memory_order_relaxed);
        auto begun = begin(**place);
        if (!begun) users_.fetch_sub(1, std::memory_order_relaxed);  // its user is there: not the last
        return begun;
    }

    // What a port has that is in no place; see Sleeper.
    bool has_something_else() const { return false; }

    // Whether a receive would find something, for a wait set. May take steps that a receive would take.
    bool finds_something() {
        for (const Place& place : places_)
            if (place.has_data()) return true;
        return port().has_something_else();
    }

    // After a look at everything that found nothing.
    void found_nothing() {
        if (sleeper_.is_watched()) [[unlikely]]
            sleeper_.be_quiet(session(), id_, places_, [this] { return port().has_something_else(); });
    }

    enum class Waited : std::uint8_t { found, nothing, interrupted };
    // Looks, and sleeps, until a look finds something.
    template <class Look>
    Waited wait(std::chrono::nanoseconds timeout, Look&& finds_something) {
        const Deadline deadline = deadline_in(timeout);
        while (true) {
            if (finds_something()) return Waited::found;
            if (session().termination_requested()) return Waited::interrupted;
            if (Deadline::clock::now() >= deadline) return Waited::nothing;
            sleeper_.sleep(
                session(), id_, places_, [this] { return port().has_something_else(); }, deadline);
        }
    }

    // In the order in which the way of what is received touches them.
    const std::uint32_t generation_ = shm::fork_generation();
    PlaceTable<Place> places_;
    SharedHandle own_handle_;
    Sleeper sleeper_{own_handle_};

    const wire::Uuid id_;
    std::shared_ptr<detail::ServiceHandle> service_;

 private:
    Port& port() { return static_cast<Port&>(*this); }
    const Port& port() const { return static_cast<const Port&>(*this); }

    tl::expected<Place*, std::string> place_for_connection() {
        for (Place& place : places_)
            if (place.is_free()) return &place;
        if (!places_.is_full()) {
            auto place = Place::create(port());
            if (!place) return tl::unexpected{std::move(place.error())};
            return &places_.add(std::move(*place));
        }
        for (Place& place : places_)
            if (place.make_free()) return &place;
        return tl::unexpected{port().why_no_place()};
    }

    std::atomic<std::size_t> users_{1};  // who has the port, each place that is not free, each look
    std::mutex closing_;                 // so that no connection is made in a port that closes
    bool closed_ = false;
    std::shared_ptr<Port> self_;
};

}  // namespace ipc::port
