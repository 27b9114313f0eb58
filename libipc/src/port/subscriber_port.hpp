// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "layout/connection.hpp"
#include "layout/counters.hpp"
#include "port/own_handle.hpp"
#include "port/place.hpp"
#include "port/waiting.hpp"
#include "service/service_handle.hpp"
#include "shm/fork_guard.hpp"

#include <ipc/degradation.hpp>
#include <ipc/untyped/subscriber.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ipc::port {

struct SubscriberSettings {
    std::optional<std::uint64_t> buffer_size;
    std::uint64_t history_request = 0;
    DegradationHandler degradation_handler;
};

// The receiving port: places for its publishers, and what wakes it. All operations may be called by several
// threads at once; none takes a lock on the way of a sample.
//
// The port owns itself. It ends when the Subscriber is gone and no place has a sample that is held; only then
// is the broker told, for until then the publishers must leave those samples alone.
class SubscriberPort final : public control::PortLink {
 public:
    static tl::expected<SubscriberPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, SubscriberSettings settings);

    SubscriberPort(std::shared_ptr<detail::ServiceHandle> service, SubscriberSettings settings,
                   const wire::PortCreated& created);

    // The Subscriber's operations.
    detail::TakenSample receive();
    detail::TakenSample receive(std::chrono::nanoseconds timeout);
    expected<bool, ReceiveError> has_samples();
    tl::expected<int, control::CallFailure> file_descriptor();
    expected<void, ReceiveError> update_connections();
    std::uint64_t missed() const;
    void close();

    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }
    wire::Uuid id() const { return id_; }
    const wire::PublishSubscribeSettings& service() const { return service_->settings(); }
    const layout::Sample& sample() const { return sample_; }
    const layout::Connection& layout() const { return layout_; }
    std::uint32_t max_borrowed() const {
        return static_cast<std::uint32_t>(service().subscriber_max_borrowed_samples);
    }
    std::uint64_t history_entries() const {
        return service().history_size == 0 ? 0 : service().history_size + 1;
    }

    // The places'.
    std::atomic<std::uint64_t>* counters(std::uint32_t record) const {
        return service_->session()->counters(record);
    }
    void count_received() {
        count(layout::SubscriberCounter::borrowed).fetch_add(1, std::memory_order_relaxed);
        const std::uint64_t received =
            count(layout::SubscriberCounter::received).fetch_add(1, std::memory_order_relaxed) + 1;
        count(layout::SubscriberCounter::bytes).store(received * payload_size_, std::memory_order_relaxed);
    }
    void count_returned() {
        count(layout::SubscriberCounter::borrowed).fetch_sub(1, std::memory_order_relaxed);
    }
    void count_history() {
        count(layout::SubscriberCounter::history).fetch_add(1, std::memory_order_relaxed);
    }
    void note_missed() { count(layout::SubscriberCounter::lost).store(missed(), std::memory_order_relaxed); }
    // The place's connection ends: keeps what it has to say about missed samples.
    void settle(Place& place);
    // The place is free. After this the port may be gone.
    void place_ended();
    void report_cut(const Ended& ended);

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override;
    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override;
    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override;

 private:
    std::atomic<std::uint64_t>& count(layout::SubscriberCounter counter) const {
        return record_[static_cast<std::size_t>(counter)];
    }
    std::size_t used() const { return used_.load(std::memory_order_acquire); }  // pairs with new_place()
    Place* find(wire::Uuid connection);
    tl::expected<Place*, std::string> place_for_connection();
    tl::expected<Place*, std::string> new_place();
    detail::TakenSample take_from_places();
    void refuse_politely(const control::Offer& offer) const;

    enum class Armed : std::uint8_t { quiet, something_there, unordered };
    Armed arm(int handle);
    Deadline next_look(Armed armed) const;

    const std::uint32_t generation_ = shm::fork_generation();
    std::vector<std::unique_ptr<Place>> places_;  // of fixed size; those before used_ are there for good
    std::atomic<std::size_t> used_{0};
    std::atomic<std::size_t> next_{0};  // behind the place that was served last
    std::atomic<std::uint64_t>* record_;
    const std::uint64_t payload_size_;
    std::atomic<bool> quiet_expected_{false};  // its descriptor was handed out
    std::atomic<bool> armed_{false};           // raised, fenced, looked, and nothing has come since

    const layout::Sample sample_;
    const layout::Connection layout_;
    const SubscriberSettings settings_;
    const wire::Uuid id_;
    OwnHandle own_handle_;
    std::atomic<std::uint64_t> settled_{0};  // sequences seen in connections that are over
    std::atomic<std::size_t> users_{1};      // the Subscriber, and each place that is not free

    std::mutex closing_;  // so that no connection is made in a port that closes
    bool closed_ = false;

    std::shared_ptr<SubscriberPort> self_;
    std::shared_ptr<detail::ServiceHandle> service_;
};

}  // namespace ipc::port
