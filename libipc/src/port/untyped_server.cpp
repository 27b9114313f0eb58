// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/refusals.hpp"
#include "port/server_port.hpp"
#include "port/waiting.hpp"
#include "service/names.hpp"

#include <ipc/defaults.hpp>
#include <ipc/untyped/server.hpp>

#include <cstring>
#include <utility>

namespace ipc::untyped {

UniquePortId Server::id() const {
    return {port_->id().high, port_->id().low};
}

std::size_t Server::payload_size() const {
    return static_cast<std::size_t>(port_->sample().payload_size);
}

detail::TakenSample Server::take(port::ServerPort* port) {
    return port->receive_request();
}

detail::TakenSample Server::wait_and_take(port::ServerPort* port, std::chrono::nanoseconds timeout) {
    return port->receive_request(timeout);
}

expected<bool, ReceiveError> Server::has_requests() {
    return port_->has_samples();
}

std::uint64_t Server::missed() const {
    return port_->missed();
}

expected<void, ReceiveError> Server::update_connections() {
    return port_->update_connections();
}

expected<int, Error<FileDescriptorError>> Server::file_descriptor() {
    auto descriptor = port_->file_descriptor();
    if (!descriptor) return unexpected{port::file_descriptor_error(std::move(descriptor.error()))};
    return *descriptor;
}

std::shared_ptr<port::WaitSource> Server::wait_source() const {
    return port_->wait_source();
}

void Server::close() {
    port_->close();
}

namespace {

port::ActiveSlot& slot_of(detail::HeldSample* held) {
    return *static_cast<port::ActiveSlot*>(held);
}

}  // namespace

std::size_t ActiveRequest::payload_size() const {
    return static_cast<std::size_t>(number_of_elements() * slot_of(held_).port->sample().payload_size);
}

const void* ActiveRequest::user_header() const {
    const port::ActiveSlot& slot = slot_of(held_);
    const layout::Sample& block = slot.port->sample();
    return block.has_user_header() ? slot.cell->block(block) + block.user_header_offset : nullptr;
}

RequestHeader ActiveRequest::header() const {
    const port::ActiveSlot& slot = slot_of(held_);
    const wire::Uuid client = port::place_of(*slot.cell).sender();
    return {{client.high, client.low}, slot.request, number_of_elements()};
}

detail::LoanedChunk ActiveRequest::loan_chunk(detail::HeldSample* held, std::uint64_t elements) {
    port::ActiveSlot& slot = slot_of(held);
    return slot.port->loan(slot, elements);
}

expected<std::size_t, SendError> ActiveRequest::send_copy(const void* payload) {
    return send_slice_copy(payload, 1);
}

expected<std::size_t, SendError> ActiveRequest::send_slice_copy(const void* payload, std::uint64_t elements) {
    auto response = loan_slice(elements);
    if (!response) return unexpected{to_send_error(response.error())};
    if (elements != 0) std::memcpy(response->payload(), payload, response->payload_size());
    return std::move(*response).send();
}

StreamState ActiveRequest::state() const {
    port::ActiveSlot& slot = slot_of(held_);
    return slot.port->state(slot);
}

bool ActiveRequest::has_disconnect_hint() const {
    port::ActiveSlot& slot = slot_of(held_);
    return slot.port->has_disconnect_hint(slot);
}

std::optional<std::chrono::steady_clock::time_point> ActiveRequest::deadline() const {
    const std::uint64_t deadline_ns = slot_of(held_).deadline_ns;
    if (deadline_ns == 0) return std::nullopt;
    return port::deadline_at(deadline_ns);
}

void ActiveRequest::finish(detail::HeldSample* held) {
    port::ActiveSlot& slot = slot_of(held);
    slot.port->finish(slot);
}

std::size_t ResponseMut::payload_size() const {
    return static_cast<std::size_t>(number_of_elements() * slot_of(request_).port->response().payload_size);
}

std::uint64_t ResponseMut::number_of_elements() const {
    return port::elements_of(slot_of(request_).port->response(), payload_);
}

void* ResponseMut::user_header() const {
    const layout::Sample& block = slot_of(request_).port->response();
    if (!block.has_user_header()) return nullptr;
    return static_cast<std::byte*>(payload_) - block.payload_offset + block.user_header_offset;
}

std::int64_t ResponseMut::send_chunk(detail::HeldSample* request, std::uint32_t chunk) {
    port::ActiveSlot& slot = slot_of(request);
    return slot.port->send(slot, chunk);
}

void ResponseMut::return_loan(detail::HeldSample* request, std::uint32_t chunk) {
    port::ActiveSlot& slot = slot_of(request);
    slot.port->return_loan(slot, chunk);
}

ServerBuilder::ServerBuilder(std::shared_ptr<detail::ServiceHandle> service)
    : service_{std::move(service)}, max_loaned_{defaults::max_loaned_responses_per_request} {}

ServerBuilder& ServerBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}

ServerBuilder& ServerBuilder::max_loaned_responses_per_request(std::uint64_t count) {
    max_loaned_ = count;
    return *this;
}

ServerBuilder& ServerBuilder::initial_max_slice_len(std::uint64_t elements) {
    max_slice_len_ = elements;
    return *this;
}

ServerBuilder& ServerBuilder::allocation_strategy(AllocationStrategy strategy) {
    allocation_ = strategy;
    return *this;
}

ServerBuilder& ServerBuilder::backpressure_strategy(BackpressureStrategy strategy) {
    strategy_ = strategy;
    return *this;
}

ServerBuilder& ServerBuilder::backpressure_handler(BackpressureHandler handler) {
    backpressure_handler_ = std::move(handler);
    return *this;
}

ServerBuilder& ServerBuilder::degradation_handler(DegradationHandler handler) {
    degradation_handler_ = std::move(handler);
    return *this;
}

ServerBuilder& ServerBuilder::thread_safe(bool enabled) {
    thread_safe_ = enabled;
    return *this;
}

ServerBuilder& ServerBuilder::prefault(bool enabled) {
    prefault_ = enabled;
    return *this;
}

ServerBuilder& ServerBuilder::lock_memory(bool enabled) {
    lock_memory_ = enabled;
    return *this;
}

ServerBuilder& ServerBuilder::huge_pages(bool enabled) {
    huge_pages_ = enabled;
    return *this;
}

expected<Server, Error<ServerCreateError>> ServerBuilder::create() const {
    if (auto why = detail::why_invalid("server", name_, 0, layout::max_node_name))
        return unexpected{Error{ServerCreateError::InvalidName, std::move(*why)}};
    auto port =
        port::ServerPort::create(service_, name_,
                                 {.max_loaned_responses_per_request = max_loaned_,
                                  .max_slice_len = max_slice_len_,
                                  .strategy = strategy_,
                                  .backpressure_handler = backpressure_handler_,
                                  .degradation_handler = degradation_handler_,
                                  .thread_safe = thread_safe_,
                                  .huge_pages = huge_pages_,
                                  .allocation = allocation_,
                                  .residence = shm::residence_of(prefault_ || huge_pages_, lock_memory_)});
    if (!port) return unexpected{port::server_create_error(std::move(port.error()))};
    return Server{*port};
}

}  // namespace ipc::untyped
