// SPDX-License-Identifier: Apache-2.0
#include "port/listener_port.hpp"

#include "port/built_port.hpp"
#include "ring/event_receiver.hpp"

#include <limits>
#include <utility>

namespace ipc::port {

namespace {

std::int64_t failed(ListenerWaitError error) {
    return -1 - static_cast<std::int64_t>(error);
}

}  // namespace

ListenerPort::ListenerPort(std::shared_ptr<detail::ServiceHandle> service, DegradationHandler handler,
                           const wire::PortCreated& created)
    : ReceivingPort{service, created.port, service->settings<wire::EventSettings>().max_notifiers},
      record_{counters(created.record)},
      layout_{layout::event_connection(service->settings<wire::EventSettings>().event_id_max_value)},
      degradation_handler_{std::move(handler)} {
    for (std::size_t i = 0; i < layout::listener_counters.size(); ++i)
        record_[i].store(0, std::memory_order_relaxed);
}

tl::expected<ListenerPort*, control::CallFailure> ListenerPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, DegradationHandler handler) {
    const wire::CreatePort request{
        .service = service->service_id(), .name = name, .settings = wire::ListenerSettings{}};
    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>&)
        -> tl::expected<std::shared_ptr<ListenerPort>, std::string> {
        return std::make_shared<ListenerPort>(service, std::move(handler), created);
    };
    auto port = build_port<ListenerPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->own(*port);
    return port->get();
}

std::int64_t ListenerPort::collect(const detail::EventSink& sink, bool one) {
    if (is_forked_copy()) [[unlikely]]
        return failed(ListenerWaitError::ForkedProcess);
    const std::size_t told = tell(sink, one);
    if (told == 0) found_nothing();
    return static_cast<std::int64_t>(told);
}

std::int64_t ListenerPort::collect(const detail::EventSink& sink, bool one,
                                   std::chrono::nanoseconds timeout) {
    if (is_forked_copy()) return failed(ListenerWaitError::ForkedProcess);
    std::size_t told = 0;
    const Waited waited = wait(timeout, [&] {
        told = tell(sink, one);
        return told != 0;
    });
    if (waited == Waited::interrupted) return failed(ListenerWaitError::Interrupted);
    return static_cast<std::int64_t>(told);
}

// The box, and each place once; where one is enough, beginning behind the place that was served last.
std::size_t ListenerPort::tell(const detail::EventSink& sink, bool one) {
    std::size_t told = 0;
    const auto tell_of = [&](std::uint64_t id, std::uint64_t happened) {
        ++told;
        count(layout::ListenerCounter::received).fetch_add(happened, std::memory_order_relaxed);
        sink.call(sink.callback, EventActivation{EventId{id}, happened});
    };
    while (const auto entry = box_.take(one ? 1 : std::numeric_limits<std::uint64_t>::max())) {
        tell_of(entry->id, entry->count);
        if (one) return told;
    }
    const std::size_t count_of_places = used();
    std::size_t index = one ? next_.load(std::memory_order_relaxed) : 0;
    for (std::size_t looked = 0; looked < count_of_places; ++looked, ++index) {
        if (index >= count_of_places) index = 0;
        places_[index]->collect(one, tell_of);
        if (!one || told == 0) continue;
        next_.store(index + 1, std::memory_order_relaxed);
        break;
    }
    return told;
}

bool ListenerPort::finds_something() {
    for (EventPlace& place : places_)
        if (place.has_events()) return true;
    return box_.has_something();
}

void ListenerPort::add_left(EventBox::Entry entry) {
    box_.add(entry);
    own_handle_.wake();
}

void ListenerPort::add_special(std::optional<std::uint64_t> event) {
    if (!event) return;
    count(layout::ListenerCounter::special).fetch_add(1, std::memory_order_relaxed);
    box_.add({.id = *event, .count = 1});
    own_handle_.wake();
}

void ListenerPort::report_cut(const CutEvents& cut) {
    count(layout::ListenerCounter::cut).fetch_add(1, std::memory_order_relaxed);
    const std::string detail = "the notifier wrote a counter that it cannot have reached";
    session().report_cut(cut.connection, detail);
    if (degradation_handler_)
        degradation_handler_(
            {.port = {id_.high, id_.low}, .peer = {cut.notifier.high, cut.notifier.low}, .detail = detail});
}

std::optional<std::string> ListenerPort::why_unfit(const wire::ConnectionOffered& offered) const {
    const auto* events = std::get_if<wire::EventConnection>(&offered.settings);
    if (events == nullptr) return "the connection that the broker offers is none of events";
    if (events->event_id_max_value == service().event_id_max_value) return std::nullopt;
    return "the connection that the broker offers has ids up to " +
           std::to_string(events->event_id_max_value) + ", the service up to " +
           std::to_string(service().event_id_max_value);
}

void ListenerPort::refuse_politely(const control::Offer& offer) const {
    auto range = shm::AddressRange::reserve(layout_.size);
    if (!range || !range->map(offer.connection_segment)) return;
    EventPlace::Receiver{range->data(), layout_}.close();
}

std::string ListenerPort::why_no_place() const {
    return "callbacks are busy with events of " + std::to_string(used()) +
           " notifiers that are gone; let them return to connect to a new notifier";
}

}  // namespace ipc::port
