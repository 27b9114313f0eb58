// SPDX-License-Identifier: Apache-2.0
#include "port/call_deadline.hpp"
#include "port/subscriber_port.hpp"
#include "port/wake.hpp"
#include "ring/arming.hpp"

#include <utility>

namespace ipc::port {

namespace {

// The places that are there, in the words of ring/arming.hpp.
class PlaceRange {
 public:
    PlaceRange(const std::unique_ptr<Place>* first, std::size_t count) : first_{first}, count_{count} {}

    class Iterator {
     public:
        explicit Iterator(const std::unique_ptr<Place>* at) : at_{at} {}
        Place& operator*() const { return **at_; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return at_ != other.at_; }

     private:
        const std::unique_ptr<Place>* at_;
    };
    Iterator begin() const { return Iterator{first_}; }
    Iterator end() const { return Iterator{first_ + count_}; }

 private:
    const std::unique_ptr<Place>* first_;
    std::size_t count_;
};

}  // namespace

detail::TakenSample SubscriberPort::receive() {
    if (is_forked_copy()) [[unlikely]]
        return detail::TakenSample::failed(ReceiveError::ForkedProcess);
    const detail::TakenSample received = take_from_places();
    if (quiet_expected_.load(std::memory_order_relaxed) && received.is_nothing()) [[unlikely]]
        if (const auto handle = own_handle_.readable(*service_->session(), id_, call_deadline()))
            (void)arm(*handle);
    return received;
}

// Each place once, beginning behind the one that was served last.
detail::TakenSample SubscriberPort::take_from_places() {
    const std::size_t count_of_places = used();
    std::size_t index = next_.load(std::memory_order_relaxed);
    bool exhausted = false;
    for (std::size_t looked = 0; looked < count_of_places; ++looked, ++index) {
        if (index >= count_of_places) index = 0;
        Cell* cell = nullptr;
        switch (places_[index]->take(cell)) {
            case Place::Result::taken:
                next_.store(index + 1, std::memory_order_relaxed);
                return {.cell = cell, .payload = cell->block + sample_.payload_offset};
            case Place::Result::exhausted:
                exhausted = true;
                break;
            case Place::Result::nothing:
            case Place::Result::corrupted:
            case Place::Result::ended:
                break;
        }
    }
    if (exhausted) return detail::TakenSample::failed(ReceiveError::ExceedsMaxBorrows);
    return detail::TakenSample::nothing();
}

detail::TakenSample SubscriberPort::receive(std::chrono::nanoseconds timeout) {
    if (is_forked_copy()) return detail::TakenSample::failed(ReceiveError::ForkedProcess);
    control::Session& session = *service_->session();
    const Deadline deadline = deadline_in(timeout);
    while (true) {
        const detail::TakenSample received = take_from_places();
        if (!received.is_nothing()) return received;
        if (session.termination_requested()) return detail::TakenSample::failed(ReceiveError::Interrupted);
        if (Deadline::clock::now() >= deadline) return detail::TakenSample::nothing();
        const auto handle = own_handle_.readable(session, id_, call_deadline());
        if (!handle) {
            // Without a broker there is none to be had; then looking now and then has to do.
            sleep_on(session, -1, std::min(deadline, deadline_in(unwoken_look)));
            continue;
        }
        const Armed armed = arm(*handle);
        if (armed != Armed::something_there) sleep_on(session, *handle, std::min(deadline, next_look(armed)));
    }
}

// A port that is armed already, and was not woken, stays as it is: nobody was told to wake it yet.
SubscriberPort::Armed SubscriberPort::arm(int handle) {
    bool was_woken = false;
    bool ordered = true;
    if (armed_.load(std::memory_order_acquire)) {
        was_woken = drain(handle);
        if (!was_woken) return Armed::quiet;
    }
    armed_.store(false, std::memory_order_relaxed);
    const bool something = ring::arm(
        PlaceRange{places_.data(), used()}, [&] { drain(handle); },
        [&] { ordered = fence_before_sleep(*service_->session()); });
    if (something) {
        own_handle_.wake();
        return Armed::something_there;
    }
    if (!ordered) return Armed::unordered;
    armed_.store(true, std::memory_order_release);
    return Armed::quiet;
}

Deadline SubscriberPort::next_look(Armed armed) const {
    if (armed == Armed::unordered) return deadline_in(unwoken_look);
    for (const Place& place : PlaceRange{places_.data(), used()})
        if (!place.publisher_can_wake()) return deadline_in(unconfirmed_look);
    return Deadline::max();
}

expected<bool, ReceiveError> SubscriberPort::has_samples() {
    if (is_forked_copy()) return unexpected{ReceiveError::ForkedProcess};
    for (Place& place : PlaceRange{places_.data(), used()})
        if (place.has_samples()) return true;
    return false;
}

expected<void, ReceiveError> SubscriberPort::update_connections() {
    if (is_forked_copy()) return unexpected{ReceiveError::ForkedProcess};
    if (service_->session()->control_descriptor() >= 0) service_->session()->process();
    return {};
}

tl::expected<int, control::CallFailure> SubscriberPort::file_descriptor() {
    auto handle = own_handle_.readable(*service_->session(), id_, call_deadline());
    if (!handle) return handle;
    // Readable once, so that the first look, which arms it, is not forgotten.
    own_handle_.wake();
    quiet_expected_.store(true, std::memory_order_relaxed);
    return handle;
}

}  // namespace ipc::port
