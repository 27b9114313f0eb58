// SPDX-License-Identifier: Apache-2.0
#include "hostile/liar.hpp"

#include <poll.h>

#include <stdexcept>

namespace hostile {

namespace layout = ipc::layout;
namespace shm = ipc::shm;

layout::Data data_of(const wire::ServiceSettings& service, const wire::PortSettings& port) {
    if (const auto* publisher = std::get_if<wire::PublisherSettings>(&port))
        return std::get<wire::PublishSubscribeSettings>(service).data(publisher->max_loaned_samples,
                                                                      publisher->max_slice_len.value_or(1));
    if (std::holds_alternative<wire::ClientSettings>(port))
        return std::get<wire::RequestResponseSettings>(service).request_data();
    if (const auto* server = std::get_if<wire::ServerSettings>(&port))
        return std::get<wire::RequestResponseSettings>(service).response_data(
            server->max_loaned_responses_per_request);
    return {};
}

Liar::Liar(const std::string& socket, const wire::OpenService& service, std::uint64_t seed, Crimes& crimes)
    : client_{socket}, random_{seed}, crimes_{crimes} {
    client_.hello("liar");
    client_.tell(wire::CountersMapped{});
    const auto opened = client_.call<wire::ServiceOpened>(service);
    service_ = opened.service;
    settings_ = opened.settings;
}

template <class Message>
Message Liar::answered() {
    while (auto heard = client_.hear()) {
        if (auto* message = std::get_if<Message>(&heard->message)) {
            client_.last_descriptors = std::move(heard->descriptors);
            return *message;
        }
        if (const auto* refused = std::get_if<wire::Refused>(&heard->message))
            throw std::runtime_error{"refused: " + refused->message};
        note(*heard);
    }
    throw std::runtime_error{"the broker hung up"};
}

void Liar::begin(const wire::PortSettings& port) {
    client_.ask(wire::CreatePort{.service = service_, .name = "liar", .settings = port});
    const auto created = answered<wire::PortCreated>();
    port_ = created.port;
    data_layout_ = data_of(settings_, port);
    if (created.data_size != 0) {
        data_ = shm::Mapping::map(shm::MemoryFile{std::move(client_.last_descriptors.at(0))},
                                  created.data_size, shm::Access::ReadWrite)
                    .value();
        client_.tell(wire::DataMapped{.port = port_});
    }
    for (std::size_t offered = 0; offered < created.connections.size(); ++offered) {
        const auto offer = answered<wire::ConnectionOffered>();
        take_up(offer, std::move(client_.last_descriptors));
    }
}

void Liar::take_up(const wire::ConnectionOffered& offered, std::vector<shm::UniqueFd> descriptors) {
    if (offered.port != port_) return;
    Held held;
    const shm::MemoryFile file{std::move(descriptors.at(0))};
    held.segment = shm::Mapping::map(file, file.size().value(), shm::Access::ReadWrite).value();
    for (std::size_t i = 0; i < offered.data_sizes.size(); ++i)
        held.data.push_back(shm::Mapping::map(shm::MemoryFile{std::move(descriptors.at(2 + i))},
                                              offered.data_sizes[i], shm::Access::ReadOnly)
                                .value());
    held.hand = hand_for(settings_, {.details = offered,
                                     .segment = held.segment.data(),
                                     .own_data = data_ ? data_.data() : nullptr,
                                     .own_layout = data_layout_});
    grips_.insert_or_assign(offered.connection, std::move(held));
    ++crimes_.connections;
    client_.tell(wire::ConnectionMapped{.connection = offered.connection});
}

void Liar::note(RawClient::Heard& heard) {
    if (const auto* offered = std::get_if<wire::ConnectionOffered>(&heard.message)) {
        take_up(*offered, std::move(heard.descriptors));
    } else if (const auto* removed = std::get_if<wire::ConnectionRemoved>(&heard.message)) {
        if (removed->reason == wire::RemovalReason::Cut) ++crimes_.cut;
        grips_.erase(removed->connection);
    } else if (std::holds_alternative<wire::WakeOffered>(heard.message)) {
        wake_lines.push_back(std::move(heard.descriptors.at(0)));
    } else if (const auto* closing = std::get_if<wire::Closing>(&heard.message)) {
        throw std::runtime_error{"the broker ends the session: " + closing->reason};
    }
}

void Liar::attend() {
    while (auto heard = client_.hear_what_was_said()) note(*heard);
}

void Liar::keep() {
    attend();
    for (auto& [id, held] : grips_) held.hand->keep();
}

void Liar::step() {
    attend();
    for (auto& [id, held] : grips_) {
        if (below(random_, 4) != 0) {
            held.hand->move(random_);
            ++crimes_.moves;
        } else {
            lie(held);
            ++crimes_.committed;
        }
    }
}

void Liar::pause() const {
    pollfd broker{.fd = client_.socket(), .events = POLLIN, .revents = 0};
    (void)::poll(&broker, 1, 1);
}

void Liar::lie(Held& held) {
    const Places& places = held.hand->places;
    if (below(random_, 16) == 0) {
        crimes_.places.insert("anywhere");
        if (data_ && below(random_, 2) == 0) return scribble(data_.data(), data_.size(), random_);
        return scribble(held.segment.data(), held.segment.size(), random_);
    }
    const Place& place = places[below(random_, places.size())];
    const auto what = static_cast<Lie>(below(random_, lies));
    tell(what, place, places, random_);
    crimes_.places.insert(place.name);
    crimes_.kinds.emplace(place.name, what);
}

void Liar::drop_port() {
    client_.tell(wire::DropPort{.port = port_});
    grips_.clear();
    data_ = {};
    port_ = {};
}

}  // namespace hostile
