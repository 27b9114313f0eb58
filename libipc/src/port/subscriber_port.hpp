// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/connection.hpp"
#include "layout/counters.hpp"
#include "port/place.hpp"
#include "port/receiving_port.hpp"
#include "service/service_handle.hpp"

#include <ipc/degradation.hpp>
#include <ipc/untyped/subscriber.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace ipc::port {

struct SubscriberSettings {
    std::optional<std::uint64_t> buffer_size;
    std::uint64_t history_request = 0;
    DegradationHandler degradation_handler;
};

// The port of a Subscriber. All operations may be called by several threads at once; none takes a lock on the
// way of a sample. It ends when the Subscriber is gone and no place has a sample that is held.
class SubscriberPort final : public ReceivingPort<SubscriberPort, Place> {
 public:
    static tl::expected<SubscriberPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, SubscriberSettings settings);

    SubscriberPort(std::shared_ptr<detail::ServiceHandle> service, SubscriberSettings settings,
                   const wire::PortCreated& created);

    // The Subscriber's operations.
    detail::TakenSample receive();
    detail::TakenSample receive(std::chrono::nanoseconds timeout);
    expected<bool, ReceiveError> has_samples();
    expected<void, ReceiveError> update_connections();
    std::uint64_t missed() const;

    const wire::PublishSubscribeSettings& service() const {
        return service_->settings<wire::PublishSubscribeSettings>();
    }
    const layout::Sample& sample() const { return sample_; }
    const layout::Connection& layout() const { return layout_; }
    std::uint32_t max_borrowed() const {
        return static_cast<std::uint32_t>(service().subscriber_max_borrowed_samples);
    }
    std::uint64_t history_entries() const {
        return service().history_size == 0 ? 0 : service().history_size + 1;
    }

    // The places'.
    //
    // Status reads two words, which are right while one thread at a time counts. Where several did, one may
    // have overwritten another's, and the next receive that finds nothing puts it right from the cells'
    // turns. (An addition that could not be overwritten costs a tenth of a message's time.)
    void count_received() { count_for_status(layout::SubscriberCounter::received); }
    void count_returned() { count_for_status(layout::SubscriberCounter::returned); }
    void count_history() {
        count(layout::SubscriberCounter::history).fetch_add(1, std::memory_order_relaxed);
    }
    void note_missed() { count(layout::SubscriberCounter::lost).store(missed(), std::memory_order_relaxed); }
    // The place's connection ends: keeps what it has to say about missed samples.
    void settle(Place& place);
    void report_cut(const Ended& ended);

 private:
    friend class ReceivingPort<SubscriberPort, Place>;
    std::optional<std::string> why_unfit(const wire::ConnectionOffered& offered) const;
    void refuse_politely(const control::Offer& offer) const;
    std::string why_no_place() const;
    bool finds_something();

    std::atomic<std::uint64_t>& count(layout::SubscriberCounter counter) const {
        return record_[static_cast<std::size_t>(counter)];
    }
    void count_for_status(layout::SubscriberCounter counter) {
        auto& word = count(counter);
        word.store(word.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        counted_.store(true, std::memory_order_release);  // pairs with recount(), for the turn
    }
    Turns turns() const;
    void recount();
    detail::TakenSample take_from_places();

    std::atomic<std::size_t> next_{0};  // behind the place that was served last
    std::atomic<std::uint64_t>* record_;
    std::atomic<bool> counted_{false};  // since status was put right
    std::atomic<bool> recounting_{false};

    const layout::Sample sample_;
    const layout::Connection layout_;
    const SubscriberSettings settings_;
    std::atomic<std::uint64_t> settled_{0};  // sequences seen in connections that are over
};

}  // namespace ipc::port
