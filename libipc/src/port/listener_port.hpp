// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/counters.hpp"
#include "layout/event_connection.hpp"
#include "port/event_box.hpp"
#include "port/event_place.hpp"
#include "port/receiving_port.hpp"
#include "service/service_handle.hpp"

#include <ipc/degradation.hpp>
#include <ipc/listener.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ipc::port {

// A connection that was cut.
struct CutEvents {
    wire::Uuid connection;
    wire::Uuid notifier;
};

// The port of a Listener. All operations may be called by several threads at once; none takes a lock or
// allocates on the way of a notification, but for what a notifier that is gone left in the box.
class ListenerPort final : public ReceivingPort<ListenerPort, EventPlace> {
 public:
    static tl::expected<ListenerPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, DegradationHandler handler);

    ListenerPort(std::shared_ptr<detail::ServiceHandle> service, DegradationHandler handler,
                 const wire::PortCreated& created);

    // The Listener's operations: how many activations the sink was called for, or -1 - the error.
    std::int64_t collect(const detail::EventSink& sink, bool one);
    std::int64_t collect(const detail::EventSink& sink, bool one, std::chrono::nanoseconds timeout);

    const wire::EventSettings& service() const { return service_->settings<wire::EventSettings>(); }
    const layout::EventConnection& layout() const { return layout_; }

    // The places'.
    void add_left(EventBox::Entry entry);
    void add_special(std::optional<std::uint64_t> event);
    void report_cut(const CutEvents& cut);

 private:
    friend class ReceivingPort<ListenerPort, EventPlace>;
    std::optional<std::string> why_unfit(const wire::ConnectionOffered& offered) const;
    void refuse_politely(const control::Offer& offer) const;
    std::string why_no_place() const;
    bool has_something_else() const { return box_.has_something(); }
    bool finds_something();

    std::atomic<std::uint64_t>& count(layout::ListenerCounter counter) const {
        return record_[static_cast<std::size_t>(counter)];
    }
    std::size_t tell(const detail::EventSink& sink, bool one);

    std::atomic<std::size_t> next_{0};  // behind the place that was served last
    std::atomic<std::uint64_t>* record_;
    EventBox box_;
    const layout::EventConnection layout_;
    const DegradationHandler degradation_handler_;
};

}  // namespace ipc::port
