// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/publisher_port.hpp"
#include "port/refusals.hpp"
#include "service/names.hpp"

#include <ipc/defaults.hpp>
#include <ipc/untyped/publisher.hpp>

#include <cstring>
#include <utility>

namespace ipc::untyped {

UniquePortId Publisher::id() const {
    return {port_->id().high, port_->id().low};
}

std::size_t Publisher::payload_size() const {
    return static_cast<std::size_t>(port_->service().payload.size);
}

detail::LoanedChunk Publisher::loan_chunk(port::PublisherPort* port) {
    return port->loan();
}

detail::LoanedChunk Publisher::loan_slice_chunk(port::PublisherPort* port, std::uint64_t elements) {
    return port->loan_slice(elements);
}

expected<std::size_t, SendError> Publisher::send_copy(const void* payload) {
    auto sample = loan();
    if (!sample) return unexpected{to_send_error(sample.error())};
    std::memcpy(sample->payload(), payload, payload_size());
    return std::move(*sample).send();
}

expected<std::size_t, SendError> Publisher::send_slice_copy(const void* payload, std::uint64_t elements) {
    auto sample = loan_slice(elements);
    if (!sample) return unexpected{to_send_error(sample.error())};
    if (elements != 0)
        std::memcpy(sample->payload(), payload, static_cast<std::size_t>(elements) * payload_size());
    return std::move(*sample).send();
}

expected<std::size_t, SendError> Publisher::update_connections() {
    return port_->update_connections();
}

void Publisher::close() {
    port_->close();
}

std::size_t SampleMut::payload_size() const {
    return static_cast<std::size_t>(number_of_elements() * port_->sample().payload_size);
}

std::uint64_t SampleMut::number_of_elements() const {
    return port::elements_of(port_->sample(), payload_);
}

void* SampleMut::user_header() const {
    if (port_->service().user_header.size == 0) return nullptr;
    const layout::Sample& sample = port_->sample();
    return static_cast<std::byte*>(payload_) - sample.payload_offset + sample.user_header_offset;
}

std::int64_t SampleMut::send_chunk(port::PublisherPort* port, std::uint32_t chunk) {
    return port->send(chunk);
}

void SampleMut::return_loan(port::PublisherPort* port, std::uint32_t chunk) {
    port->return_loan(chunk);
}

PublisherBuilder::PublisherBuilder(std::shared_ptr<detail::ServiceHandle> service)
    : service_{std::move(service)},
      max_loaned_samples_{defaults::max_loaned_samples},
      strategy_{BackpressureStrategy::RetryUntilDelivered} {}

PublisherBuilder& PublisherBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}

PublisherBuilder& PublisherBuilder::max_loaned_samples(std::uint64_t count) {
    max_loaned_samples_ = count;
    return *this;
}

PublisherBuilder& PublisherBuilder::initial_max_slice_len(std::uint64_t elements) {
    max_slice_len_ = elements;
    return *this;
}

PublisherBuilder& PublisherBuilder::allocation_strategy(AllocationStrategy strategy) {
    allocation_ = strategy;
    return *this;
}

PublisherBuilder& PublisherBuilder::backpressure_strategy(BackpressureStrategy strategy) {
    strategy_ = strategy;
    return *this;
}

PublisherBuilder& PublisherBuilder::backpressure_handler(BackpressureHandler handler) {
    backpressure_handler_ = std::move(handler);
    return *this;
}

PublisherBuilder& PublisherBuilder::degradation_handler(DegradationHandler handler) {
    degradation_handler_ = std::move(handler);
    return *this;
}

PublisherBuilder& PublisherBuilder::thread_safe(bool enabled) {
    thread_safe_ = enabled;
    return *this;
}

PublisherBuilder& PublisherBuilder::prefault(bool enabled) {
    prefault_ = enabled;
    return *this;
}

PublisherBuilder& PublisherBuilder::lock_memory(bool enabled) {
    lock_memory_ = enabled;
    return *this;
}

PublisherBuilder& PublisherBuilder::huge_pages(bool enabled) {
    huge_pages_ = enabled;
    return *this;
}

expected<Publisher, Error<PublisherCreateError>> PublisherBuilder::create() const {
    if (auto why = detail::why_invalid("publisher", name_, 0, layout::max_node_name))
        return unexpected{Error{PublisherCreateError::InvalidName, std::move(*why)}};
    auto port =
        port::PublisherPort::create(service_, name_,
                                    {.max_loaned_samples = max_loaned_samples_,
                                     .max_slice_len = max_slice_len_,
                                     .strategy = strategy_,
                                     .backpressure_handler = backpressure_handler_,
                                     .degradation_handler = degradation_handler_,
                                     .thread_safe = thread_safe_,
                                     .huge_pages = huge_pages_,
                                     .allocation = allocation_,
                                     .residence = shm::residence_of(prefault_ || huge_pages_, lock_memory_)});
    if (!port) return unexpected{port::publisher_create_error(std::move(port.error()))};
    return Publisher{*port};
}

}  // namespace ipc::untyped
