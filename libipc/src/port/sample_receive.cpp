// SPDX-License-Identifier: Apache-2.0
#include "port/place_take.hpp"
#include "port/sample_port.hpp"

namespace ipc::port {

// Each place once, beginning behind the one that was served last.
[[gnu::always_inline]] inline detail::TakenSample SamplePort::take_from_places() {
    const std::size_t count_of_places = used();
    const std::size_t first = next_.load(std::memory_order_relaxed);
    std::size_t index = first;
    bool exhausted = false;
    for (std::size_t looked = 0; looked < count_of_places; ++looked) {
        if (index >= count_of_places) index = 0;
        const Place::Attempt attempt = places_[index]->take();
        ++index;
        if (attempt.cell != nullptr) {
            if (index != first) {
                next_.store(index, std::memory_order_relaxed);
                // The next sender's line is on its way while this sample is looked at.
                places_[index < count_of_places ? index : 0]->fetch_next();
            }
            return {.held = attempt.cell, .failure = 0};
        }
        exhausted = exhausted || attempt.result == Place::Result::exhausted;
    }
    if (exhausted) return detail::TakenSample::failed(ReceiveError::ExceedsMaxBorrows);
    if (counted_.load(std::memory_order_relaxed)) recount();
    return detail::TakenSample::nothing();
}

detail::TakenSample SamplePort::receive() {
    if (is_forked_copy()) [[unlikely]]
        return detail::TakenSample::failed(ReceiveError::ForkedProcess);
    const detail::TakenSample received = take_from_places();
    if (received.is_nothing()) found_nothing();
    return received;
}

detail::TakenSample SamplePort::receive(std::chrono::nanoseconds timeout) {
    if (is_forked_copy()) return detail::TakenSample::failed(ReceiveError::ForkedProcess);
    auto received = detail::TakenSample::nothing();
    const Waited waited = wait(timeout, [&] {
        received = take_from_places();
        return !received.is_nothing();
    });
    if (waited == Waited::interrupted) return detail::TakenSample::failed(ReceiveError::Interrupted);
    return received;
}

expected<bool, ReceiveError> SamplePort::has_samples() {
    if (is_forked_copy()) return unexpected{ReceiveError::ForkedProcess};
    return finds_something();
}

bool SamplePort::finds_something() {
    for (Place& place : places_)
        if (place.has_samples()) return true;
    return false;
}

expected<void, ReceiveError> SamplePort::update_connections() {
    if (is_forked_copy()) return unexpected{ReceiveError::ForkedProcess};
    if (session().control_descriptor() >= 0) session().process();
    return {};
}

}  // namespace ipc::port
