// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/refusals.hpp"
#include "port/server_port.hpp"
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
    return port_->sample().payload_size;
}

namespace {

template <class Request>
expected<std::optional<Request>, ReceiveError> received(expected<port::ActiveSlot*, ReceiveError> slot,
                                                        Request (*make)(port::ActiveSlot*)) {
    if (!slot) return unexpected{slot.error()};
    if (*slot == nullptr) return std::nullopt;
    return std::optional<Request>{make(*slot)};
}

}  // namespace

expected<std::optional<ActiveRequest>, ReceiveError> Server::receive() {
    return received<ActiveRequest>(port_->receive_request(),
                                   [](port::ActiveSlot* slot) { return ActiveRequest{slot}; });
}

expected<std::optional<ActiveRequest>, ReceiveError> Server::receive(std::chrono::nanoseconds timeout) {
    return received<ActiveRequest>(port_->receive_request(timeout),
                                   [](port::ActiveSlot* slot) { return ActiveRequest{slot}; });
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

const void* ActiveRequest::payload() const {
    return slot_->cell->payload;
}

std::size_t ActiveRequest::payload_size() const {
    return slot_->port->sample().payload_size;
}

const void* ActiveRequest::user_header() const {
    const layout::Sample& block = slot_->port->sample();
    return block.has_user_header() ? slot_->cell->block(block) + block.user_header_offset : nullptr;
}

RequestHeader ActiveRequest::header() const {
    const wire::Uuid client = port::place_of(*slot_->cell).sender();
    return {{client.high, client.low}, slot_->request};
}

expected<ResponseMut, LoanError> ActiveRequest::loan() {
    const detail::LoanedChunk loaned = slot_->port->loan(*slot_);
    if (loaned.payload == nullptr) return unexpected{static_cast<LoanError>(loaned.chunk_or_error)};
    return ResponseMut{slot_, loaned.chunk_or_error, loaned.payload};
}

expected<std::size_t, SendError> ActiveRequest::send_copy(const void* payload) {
    auto response = loan();
    if (!response) return unexpected{to_send_error(response.error())};
    std::memcpy(response->payload(), payload, response->payload_size());
    return std::move(*response).send();
}

StreamState ActiveRequest::state() const {
    return slot_->port->state(*slot_);
}

bool ActiveRequest::has_disconnect_hint() const {
    return slot_->port->has_disconnect_hint(*slot_);
}

std::optional<std::chrono::steady_clock::time_point> ActiveRequest::deadline() const {
    if (slot_->deadline_ns == 0) return std::nullopt;
    return std::chrono::steady_clock::time_point{
        std::chrono::nanoseconds{static_cast<std::int64_t>(slot_->deadline_ns)}};
}

void ActiveRequest::finish(port::ActiveSlot* slot) {
    slot->port->finish(*slot);
}

std::size_t ResponseMut::payload_size() const {
    return slot_->port->response().payload_size;
}

void* ResponseMut::user_header() const {
    const layout::Sample& block = slot_->port->response();
    if (!block.has_user_header()) return nullptr;
    return static_cast<std::byte*>(payload_) - block.payload_offset + block.user_header_offset;
}

expected<std::size_t, SendError> ResponseMut::send() && {
    port::ActiveSlot* const slot = std::exchange(slot_, nullptr);
    const std::int64_t outcome = slot->port->send(*slot, chunk_);
    if (outcome < 0) return unexpected{static_cast<SendError>(-1 - outcome)};
    return static_cast<std::size_t>(outcome);
}

void ResponseMut::return_loan(port::ActiveSlot* slot, std::uint32_t chunk) {
    slot->port->return_loan(*slot, chunk);
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

expected<Server, Error<ServerCreateError>> ServerBuilder::create() const {
    if (auto why = detail::why_invalid("server", name_, 0, layout::max_node_name))
        return unexpected{Error{ServerCreateError::InvalidName, std::move(*why)}};
    auto port = port::ServerPort::create(service_, name_,
                                         {.max_loaned_responses_per_request = max_loaned_,
                                          .strategy = strategy_,
                                          .backpressure_handler = backpressure_handler_,
                                          .degradation_handler = degradation_handler_,
                                          .thread_safe = thread_safe_});
    if (!port) return unexpected{port::server_create_error(std::move(port.error()))};
    return Server{*port};
}

}  // namespace ipc::untyped
