// SPDX-License-Identifier: Apache-2.0
#include "raw_client.hpp"

#include "harness/process.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <stdexcept>
#include <system_error>

RawClient::RawClient(const std::string& socket) : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error{errno, std::generic_category(), "connecting to " + socket};
}

wire::Welcome RawClient::hello(const std::string& name, bool observer) {
    wire::Hello hello;
    hello.node_name = name;
    hello.observer = observer;
    return call<wire::Welcome>(hello);
}

std::uint64_t RawClient::ask(const wire::ClientMessage& message) {
    send(wire::encode(message, ++last_request_));
    return last_request_;
}

void RawClient::tell(const wire::ClientMessage& message) {
    send(wire::encode(message, 0));
}

void RawClient::send(wire::Frame frame) {
    send_frame(frame.text);
}

void RawClient::send_frame(const std::string& text) {
    const wire::FrameHeader header{.length = static_cast<std::uint32_t>(text.size()), .descriptors = 0};
    std::string bytes(sizeof header, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    send_bytes(bytes + text);
}

// What a broker that hung up does not read is no failure of the test.
void RawClient::send_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void RawClient::send_bytes(std::string_view bytes, int descriptor) {
    std::string copy{bytes};
    iovec vector{.iov_base = copy.data(), .iov_len = copy.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptor)]{};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(part), &descriptor, sizeof descriptor);
    if (::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) < 0) throw std::runtime_error{"sendmsg"};
}

std::optional<RawClient::Heard> RawClient::next_frame() {
    auto frame = reader_.next();
    if (!frame) throw std::runtime_error{"the broker broke the protocol: " + frame.error().reason};
    if (!*frame) return std::nullopt;
    auto message = wire::decode_broker(std::move(**frame));
    if (!message) throw std::runtime_error{"the broker broke the protocol: " + message.error().reason};
    return std::move(*message);
}

std::optional<RawClient::Heard> RawClient::hear_what_was_said() {
    while (true) {
        if (auto heard = next_frame()) return heard;
        const auto progress = reader_.receive(socket_.get());
        if (!progress) throw std::runtime_error{progress.error().reason};
        if (*progress != wire::FrameReader::Progress::Some) return std::nullopt;
    }
}

std::optional<RawClient::Heard> RawClient::hear() {
    while (true) {
        if (auto heard = next_frame()) return heard;
        pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, harness::patience_ms) != 1)
            throw std::runtime_error{"the broker says nothing"};
        const auto progress = reader_.receive(socket_.get());
        if (!progress) throw std::runtime_error{progress.error().reason};
        if (*progress == wire::FrameReader::Progress::Closed) return std::nullopt;
    }
}

nlohmann::json RawClient::query(const std::string& what, const std::string& argument) {
    nlohmann::json all;
    std::optional<std::uint64_t> cursor = 0;
    while (cursor) {
        const auto answer =
            call<wire::Answer>(wire::Query{.what = what, .argument = argument, .cursor = *cursor});
        auto page = nlohmann::json::parse(answer.body.text);
        if (all.is_null()) {
            all = std::move(page);
        } else {
            for (auto& entry : page[what]) all[what].push_back(std::move(entry));
        }
        cursor = answer.more;
    }
    return all;
}

std::string RawClient::reason_of_the_end() {
    std::string reason;
    while (auto heard = hear()) {
        if (const auto* closing = std::get_if<wire::Closing>(&heard->message)) reason = closing->reason;
    }
    return reason;
}

wire::OpenService open_service(const std::string& name, wire::OpenMode mode) {
    wire::PublishSubscribeRequest request;
    request.settings = {
        .payload = {.name = "u64", .size = 8, .alignment = 8, .variant = wire::TypeVariant::FixedSize},
        .user_header = {},
        .safe_overflow = true,
        .timestamps = false,
        .history_size = 1,
        .subscriber_max_buffer_size = 4,
        .subscriber_max_borrowed_samples = 2,
        .max_publishers = 2,
        .max_subscribers = 3,
        .max_nodes = 3,
        .payload_alignment = 8};
    return {.name = name, .mode = mode, .request = request};
}

wire::OpenService open_events(const std::string& name, wire::OpenMode mode) {
    wire::EventRequest request;
    request.settings = {.event_id_max_value = 100,
                        .max_notifiers = 2,
                        .max_listeners = 3,
                        .max_nodes = 3,
                        .deadline_ns = 1'000'000,
                        .notifier_created_event = {},
                        .notifier_dropped_event = {},
                        .notifier_dead_event = 7};
    return {.name = name, .mode = mode, .request = request};
}

wire::OpenService open_requests(const std::string& name, wire::OpenMode mode) {
    wire::RequestResponseRequest request;
    wire::RequestResponseSettings& settings = request.settings;
    settings.request = settings.response = {.name = "u64", .size = 8, .alignment = 8};
    settings.request_overflow = true;
    settings.response_overflow = false;
    settings.fire_and_forget = true;
    settings.max_active_requests_per_client = 4;
    settings.max_loaned_requests = 2;
    settings.max_response_buffer_size = 3;
    settings.max_borrowed_responses_per_pending_response = 5;
    settings.max_clients = 2;
    settings.max_servers = 3;
    settings.max_nodes = 3;
    settings.request_alignment = 8;
    settings.response_alignment = 16;
    return {.name = name, .mode = mode, .request = request};
}

wire::CreatePort publisher_request(std::uint64_t service, std::uint64_t loans) {
    return {
        .service = service, .name = "p", .settings = wire::PublisherSettings{.max_loaned_samples = loans}};
}

RawPort add_port(RawClient& client, const wire::CreatePort& request) {
    RawPort port{.created = client.call<wire::PortCreated>(request), .offers = {}};
    if (port.created.data_size != 0) client.tell(wire::DataMapped{.port = port.created.port});
    for (std::size_t own = 0; own < port.created.connections.size();) {
        const auto offered = client.expect<wire::ConnectionOffered>();
        if (offered.port == port.created.port) ++own;
        port.offers.emplace_back(offered, std::move(client.last_descriptors));
    }
    return port;
}

RawPort add_publisher(RawClient& client, std::uint64_t service) {
    return add_port(client, publisher_request(service, 2));
}

RawPort add_subscriber(RawClient& client, std::uint64_t service) {
    return add_port(client, {.service = service, .name = "s", .settings = wire::SubscriberSettings{}});
}

wire::PortCreated half_a_publisher(RawClient& client, std::uint64_t service) {
    return client.call<wire::PortCreated>(publisher_request(service));
}
