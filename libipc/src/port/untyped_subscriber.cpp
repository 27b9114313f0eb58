// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/refusals.hpp"
#include "port/subscriber_port.hpp"
#include "service/names.hpp"

#include <ipc/untyped/subscriber.hpp>

#include <chrono>
#include <cstring>
#include <utility>

namespace ipc::untyped {

UniquePortId Subscriber::id() const {
    return {port_->id().high, port_->id().low};
}

std::uint64_t Subscriber::buffer_size() const {
    return port_->layout().buffer_size;
}

std::size_t Subscriber::payload_size() const {
    return static_cast<std::size_t>(port_->service().payload.size);
}

detail::TakenSample Subscriber::take(port::SubscriberPort* port) {
    return port->receive();
}

detail::TakenSample Subscriber::wait_and_take(port::SubscriberPort* port, std::chrono::nanoseconds timeout) {
    return port->receive(timeout);
}

expected<bool, ReceiveError> Subscriber::has_samples() {
    return port_->has_samples();
}

expected<int, Error<FileDescriptorError>> Subscriber::file_descriptor() {
    auto descriptor = port_->file_descriptor();
    if (!descriptor) return unexpected{port::file_descriptor_error(std::move(descriptor.error()))};
    return *descriptor;
}

std::shared_ptr<port::WaitSource> Subscriber::wait_source() const {
    return port_->wait_source();
}

std::uint64_t Subscriber::missed() const {
    return port_->missed();
}

expected<void, ReceiveError> Subscriber::update_connections() {
    return port_->update_connections();
}

void Subscriber::close() {
    port_->close();
}

const port::Cell& Sample::cell() const {
    return *static_cast<const port::Cell*>(held_);
}

std::size_t Sample::payload_size() const {
    return static_cast<std::size_t>(number_of_elements() *
                                    port::place_of(cell()).port().sample().payload_size);
}

const void* Sample::user_header() const {
    const layout::Sample& sample = port::place_of(cell()).port().sample();
    return sample.has_user_header() ? cell().block(sample) + sample.user_header_offset : nullptr;
}

SampleHeader Sample::header() const {
    const port::Place& place = port::place_of(cell());
    const layout::Sample& sample = place.port().sample();
    std::optional<SampleHeader::Timestamp> timestamp;
    if (sample.has_timestamp) {
        std::uint64_t nanoseconds = 0;
        std::memcpy(&nanoseconds, cell().block(sample) + sample.timestamp_offset, sizeof nanoseconds);
        timestamp.emplace(std::chrono::duration_cast<SampleHeader::Timestamp::duration>(
            std::chrono::nanoseconds{static_cast<std::int64_t>(nanoseconds)}));
    }
    return {{place.sender().high, place.sender().low},
            cell().sequence.load(std::memory_order_relaxed),
            number_of_elements(),
            timestamp};
}

// In a forked child the cell belongs to the parent.
void Sample::release(detail::HeldSample* held) {
    auto* const cell = static_cast<port::Cell*>(held);
    port::Place& place = port::place_of(*cell);
    if (!place.port().is_forked_copy()) place.release(*cell);
}

SubscriberBuilder::SubscriberBuilder(std::shared_ptr<detail::ServiceHandle> service)
    : service_{std::move(service)} {}

SubscriberBuilder& SubscriberBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}

SubscriberBuilder& SubscriberBuilder::buffer_size(std::uint64_t count) {
    buffer_size_ = count;
    return *this;
}

SubscriberBuilder& SubscriberBuilder::history_request(std::uint64_t count) {
    history_request_ = count;
    return *this;
}

SubscriberBuilder& SubscriberBuilder::degradation_handler(DegradationHandler handler) {
    degradation_handler_ = std::move(handler);
    return *this;
}

SubscriberBuilder& SubscriberBuilder::prefault(bool enabled) {
    prefault_ = enabled;
    return *this;
}

SubscriberBuilder& SubscriberBuilder::lock_memory(bool enabled) {
    lock_memory_ = enabled;
    return *this;
}

expected<Subscriber, Error<SubscriberCreateError>> SubscriberBuilder::create() const {
    if (auto why = detail::why_invalid("subscriber", name_, 0, layout::max_node_name))
        return unexpected{Error{SubscriberCreateError::InvalidName, std::move(*why)}};
    auto port = port::SubscriberPort::create(
        service_, name_,
        {.buffer_size = buffer_size_,
         .history_request =
             history_request_.value_or(service_->settings<wire::PublishSubscribeSettings>().history_size),
         .degradation_handler = degradation_handler_,
         .residence = shm::residence_of(prefault_, lock_memory_)});
    if (!port) return unexpected{port::subscriber_create_error(std::move(port.error()))};
    return Subscriber{*port};
}

}  // namespace ipc::untyped
