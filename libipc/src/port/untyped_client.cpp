// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/client_port.hpp"
#include "port/refusals.hpp"
#include "service/names.hpp"

#include <ipc/untyped/client.hpp>

#include <cstring>
#include <utility>

namespace ipc::untyped {

UniquePortId Client::id() const {
    return {port_->id().high, port_->id().low};
}

std::size_t Client::payload_size() const {
    return static_cast<std::size_t>(port_->request().payload_size);
}

detail::LoanedChunk Client::loan_chunk(port::ClientPort* port, std::uint64_t elements) {
    return port->loan(elements);
}

expected<PendingResponse, RequestSendError> Client::send_copy(const void* payload) {
    return send_slice_copy(payload, 1);
}

expected<PendingResponse, RequestSendError> Client::send_slice_copy(const void* payload,
                                                                    std::uint64_t elements) {
    auto request = loan_slice(elements);
    if (!request) return unexpected{to_request_send_error(request.error())};
    if (elements != 0)
        std::memcpy(request->payload(), payload, static_cast<std::size_t>(elements) * payload_size());
    return std::move(*request).send();
}

expected<std::size_t, RequestSendError> Client::update_connections() {
    return port_->update_connections();
}

expected<int, Error<FileDescriptorError>> Client::file_descriptor() {
    auto descriptor = port_->file_descriptor();
    if (!descriptor) return unexpected{port::file_descriptor_error(std::move(descriptor.error()))};
    return *descriptor;
}

std::shared_ptr<port::WaitSource> Client::wait_source() const {
    return port_->wait_source();
}

void Client::close() {
    port_->close();
}

std::size_t RequestMut::payload_size() const {
    return static_cast<std::size_t>(number_of_elements() * port_->request().payload_size);
}

std::uint64_t RequestMut::number_of_elements() const {
    return port::elements_of(port_->request(), payload_);
}

void* RequestMut::user_header() const {
    const layout::Sample& block = port_->request();
    if (!block.has_user_header()) return nullptr;
    return static_cast<std::byte*>(payload_) - block.payload_offset + block.user_header_offset;
}

detail::SentRequest RequestMut::send_chunk(port::ClientPort* port, std::uint32_t chunk,
                                           std::int64_t deadline) {
    return port->send(chunk, std::chrono::nanoseconds{deadline});
}

void RequestMut::return_loan(port::ClientPort* port, std::uint32_t chunk) {
    port->return_loan(chunk);
}

std::uint64_t PendingResponse::request_number() const {
    return request_->number();
}

std::size_t PendingResponse::number_of_server_connections() const {
    return request_->servers();
}

detail::TakenSample PendingResponse::take(port::PendingRequest* request) {
    return request->receive();
}

detail::TakenSample PendingResponse::wait_and_take(port::PendingRequest* request,
                                                   std::chrono::nanoseconds timeout) {
    return request->receive(timeout);
}

void PendingResponse::drop(port::PendingRequest* request) {
    request->drop();
}

expected<bool, ReceiveError> PendingResponse::has_response() {
    if (request_->port().is_forked_copy()) return unexpected{ReceiveError::ForkedProcess};
    return request_->has_response();
}

StreamState PendingResponse::state() const {
    return request_->state();
}

void PendingResponse::cancel() {
    request_->cancel();
}

void PendingResponse::set_disconnect_hint() {
    request_->hint_disconnect();
}

expected<int, Error<FileDescriptorError>> PendingResponse::file_descriptor() {
    auto descriptor = request_->file_descriptor();
    if (!descriptor) return unexpected{port::file_descriptor_error(std::move(descriptor.error()))};
    return *descriptor;
}

std::shared_ptr<port::WaitSource> PendingResponse::wait_source() const {
    return request_->wait_source();
}

namespace {

port::ResponseLane& lane_of(const detail::HeldSample* held) {
    return static_cast<port::ResponseLane&>(*static_cast<const port::Cell*>(held)->intake);
}

}  // namespace

std::size_t Response::payload_size() const {
    return static_cast<std::size_t>(number_of_elements() *
                                    lane_of(held_).place().port().response().payload_size);
}

const void* Response::user_header() const {
    const layout::Sample& block = lane_of(held_).place().port().response();
    if (!block.has_user_header()) return nullptr;
    return static_cast<const port::Cell*>(held_)->block(block) + block.user_header_offset;
}

ResponseHeader Response::header() const {
    const wire::Uuid server = lane_of(held_).place().server();
    return {{server.high, server.low},
            static_cast<const port::Cell*>(held_)->sequence.load(std::memory_order_relaxed),
            number_of_elements()};
}

// In a forked child the cell belongs to the parent.
void Response::release(detail::HeldSample* held) {
    port::ResponseLane& lane = lane_of(held);
    if (!lane.place().port().is_forked_copy()) lane.release(*static_cast<port::Cell*>(held));
}

ClientBuilder::ClientBuilder(std::shared_ptr<detail::ServiceHandle> service) : service_{std::move(service)} {}

ClientBuilder& ClientBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}

ClientBuilder& ClientBuilder::routing(Routing routing) {
    routing_ = routing;
    return *this;
}

ClientBuilder& ClientBuilder::retry_on_server_death(bool enabled) {
    retry_ = enabled;
    return *this;
}

ClientBuilder& ClientBuilder::default_deadline(std::chrono::nanoseconds after_sending) {
    deadline_ = after_sending;
    return *this;
}

ClientBuilder& ClientBuilder::initial_max_slice_len(std::uint64_t elements) {
    max_slice_len_ = elements;
    return *this;
}

ClientBuilder& ClientBuilder::allocation_strategy(AllocationStrategy strategy) {
    allocation_ = strategy;
    return *this;
}

ClientBuilder& ClientBuilder::backpressure_strategy(BackpressureStrategy strategy) {
    strategy_ = strategy;
    return *this;
}

ClientBuilder& ClientBuilder::backpressure_handler(BackpressureHandler handler) {
    backpressure_handler_ = std::move(handler);
    return *this;
}

ClientBuilder& ClientBuilder::degradation_handler(DegradationHandler handler) {
    degradation_handler_ = std::move(handler);
    return *this;
}

ClientBuilder& ClientBuilder::thread_safe(bool enabled) {
    thread_safe_ = enabled;
    return *this;
}

ClientBuilder& ClientBuilder::prefault(bool enabled) {
    prefault_ = enabled;
    return *this;
}

ClientBuilder& ClientBuilder::lock_memory(bool enabled) {
    lock_memory_ = enabled;
    return *this;
}

ClientBuilder& ClientBuilder::huge_pages(bool enabled) {
    huge_pages_ = enabled;
    return *this;
}

expected<Client, Error<ClientCreateError>> ClientBuilder::create() const {
    if (auto why = detail::why_invalid("client", name_, 0, layout::max_node_name))
        return unexpected{Error{ClientCreateError::InvalidName, std::move(*why)}};
    if (retry_ && routing_ != Routing::LeastLoaded)
        return unexpected{Error{ClientCreateError::InvalidSetting,
                                "retry_on_server_death is on, and the routing is ToAll: every server has the "
                                "request already; use Routing::LeastLoaded"}};
    auto port =
        port::ClientPort::create(service_, name_,
                                 {.routing = routing_,
                                  .retry = retry_,
                                  .deadline = deadline_,
                                  .max_slice_len = max_slice_len_,
                                  .strategy = strategy_,
                                  .backpressure_handler = backpressure_handler_,
                                  .degradation_handler = degradation_handler_,
                                  .thread_safe = thread_safe_,
                                  .huge_pages = huge_pages_,
                                  .allocation = allocation_,
                                  .residence = shm::residence_of(prefault_ || huge_pages_, lock_memory_)});
    if (!port) return unexpected{port::client_create_error(std::move(port.error()))};
    return Client{*port};
}

}  // namespace ipc::untyped
