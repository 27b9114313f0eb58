// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/connection.hpp"
#include "layout/counters.hpp"
#include "port/place.hpp"
#include "port/receiving_port.hpp"
#include "service/service_handle.hpp"
#include "shm/residence.hpp"

#include <ipc/degradation.hpp>
#include <ipc/expected.hpp>
#include <ipc/untyped/sample.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace ipc::port {

struct ReceivingSettings {
    layout::Sample sample;
    layout::Connection connection;
    std::uint32_t max_borrowed = 0;
    std::uint64_t max_senders = 0;
    std::uint64_t history_entries = 0;
    bool overflows = true;  // a full ring loses its oldest, and no sender waits
    shm::Residence residence = shm::Residence::when_touched;
    DegradationHandler degradation_handler;
};

// A port that receives samples, or requests. All operations may be called by several threads at once; none
// takes a lock on the way of a sample. It ends when it was closed and no place has a sample that is held.
class SamplePort : public ReceivingPort<SamplePort, Place> {
 public:
    // What a receive found; at a timeout nothing.
    detail::TakenSample receive();
    detail::TakenSample receive(std::chrono::nanoseconds timeout);
    expected<bool, ReceiveError> has_samples();
    expected<void, ReceiveError> update_connections();
    std::uint64_t missed() const;

    const layout::Sample& sample() const { return settings_.sample; }
    const layout::Connection& layout() const { return settings_.connection; }
    std::uint32_t max_borrowed() const { return settings_.max_borrowed; }
    std::uint64_t history_entries() const { return settings_.history_entries; }
    bool overflows() const { return settings_.overflows; }
    shm::Residence residence() const { return settings_.residence; }
    virtual std::uint64_t history_request(const wire::ConnectionOffered&) const { return 0; }

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

 protected:
    // The first words of the record are the port's; see layout::SubscriberCounter.
    SamplePort(std::shared_ptr<detail::ServiceHandle> service, const wire::PortCreated& created,
               ReceivingSettings settings, SharedHandle::Sleepers sleepers = SharedHandle::Sleepers::one);
    ~SamplePort() = default;

    // Whether the connection is one of this port's service; if not, why.
    virtual std::optional<std::string> why_unfit(const wire::ConnectionOffered& offered) const = 0;
    // As senders and what they send are called in messages.
    virtual std::string why_no_place() const = 0;
    virtual const char* sender_name() const = 0;

    detail::TakenSample take_from_places();
    bool finds_something();

 private:
    friend class ReceivingPort<SamplePort, Place>;
    void refuse_politely(const control::Offer& offer) const;

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

    std::atomic<std::size_t> next_{0};  // behind the place that was served last
    std::atomic<std::uint64_t>* record_;
    std::atomic<bool> counted_{false};  // since status was put right
    std::atomic<bool> recounting_{false};

    const ReceivingSettings settings_;
    std::atomic<std::uint64_t> settled_{0};  // sequences seen in connections that are over
};

}  // namespace ipc::port
