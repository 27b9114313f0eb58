// SPDX-License-Identifier: Apache-2.0
// The broker ends, and another one comes: roudi/README.md, "Death and restart".
#include "control/reactor.hpp"
#include "control/unix_socket.hpp"

#include <algorithm>
#include <utility>

namespace ipc::control {

namespace {

constexpr std::size_t halves_in_a_frame = 256;  // about half of what a frame holds

std::vector<shm::UniqueFd> list_of(shm::UniqueFd first, shm::UniqueFd second = {}) {
    std::vector<shm::UniqueFd> list;
    for (shm::UniqueFd* descriptor : {&first, &second})
        if (*descriptor) list.push_back(std::move(*descriptor));
    return list;
}

}  // namespace

// Everything that is connected goes on; what was asked is asked again.
void Reactor::end(std::string reason) {
    Bond before{};
    {
        const std::lock_guard lock{mutex_};
        before = bond_;
        if (before == Bond::away || before == Bond::gone) return;
    }
    poll_set_.remove(transport_.descriptor());
    {
        const std::lock_guard lock{watching_};
        transport_.drop();
    }
    bool comes_back = way_back_.has_value() && watch_.begin(way_back_->socket);
    if (comes_back && before != Bond::there) watch_.not_taken_back();
    const std::lock_guard lock{mutex_};
    comes_back = comes_back && !stopping_;
    bond_ = comes_back ? Bond::away : Bond::gone;
    // Why the first one went is what people want to know, unless the next one says why not.
    if (!gone_ || before != Bond::there) gone_ = std::move(reason);
    changed_.notify_all();
}

void Reactor::look_for_broker() {
    {
        const std::lock_guard lock{mutex_};
        if (bond_ != Bond::away || stopping_) return;
    }
    auto socket = try_to_connect_unix(way_back_->socket);
    if (!socket) return watch_.not_there();
    greet(std::move(*socket));
}

void Reactor::greet(shm::UniqueFd socket) {
    if (!poll_set_.add(socket.get(), EPOLLIN, socket_token)) return watch_.not_there();
    watch_.pause();
    {
        const std::lock_guard lock{watching_};
        transport_.replace(std::move(socket));
    }
    std::uint64_t number = 0;
    {
        const std::lock_guard lock{mutex_};
        bond_ = Bond::greeting;
        number = own_request_ = ++last_request_;
    }
    send(way_back_->hello, number, transport_.stream());
}

// Whether that is the answer to the hello of a node that comes back. One that does not let it ends the
// attempt.
bool Reactor::is_welcome(const wire::Numbered<wire::BrokerMessage>& message) {
    {
        const std::lock_guard lock{mutex_};
        if (bond_ != Bond::greeting || message.request != own_request_) return false;
    }
    const auto* welcome = std::get_if<wire::Welcome>(&message.message);
    const bool readopts = welcome != nullptr && std::find(welcome->features.begin(), welcome->features.end(),
                                                          wire::readopts_feature) != welcome->features.end();
    if (readopts) return true;
    const auto* refused = std::get_if<wire::Refused>(&message.message);
    end(refused != nullptr ? refused->message
                           : std::string{"it does not know how to take a node back; update the broker"});
    return false;
}

// All at once, with nothing changing meanwhile: what is dropped later is told later.
void Reactor::present() {
    const auto held = connections_.hold();
    std::unordered_set<wire::Uuid> cut;
    {
        const std::lock_guard lock{mutex_};
        cut.swap(cut_);
    }
    auto presented = connections_.present(cut);
    auto kept = kept_.all();
    auto record = way_back_->record.duplicate();
    auto counters = way_back_->counters.duplicate();
    if (!presented || !kept || !record || !counters)
        return end("this process has no descriptors left to present what it has; raise the limit");

    const std::uint64_t stream = transport_.stream();
    send(wire::Readopt{}, 0, stream, list_of(std::move(record), std::move(counters)));
    for (const auto& [service, handles] : services_.to_present())
        send(wire::ReadoptService{.service = service, .handles = handles}, 0, stream);
    for (KeptHistory& history : *kept) {
        for (FurtherSegment& segment : history.further)
            send(wire::ReadoptHistorySegment{.publisher = history.publisher, .segment = segment.details.id},
                 0, stream, list_of(segment.file.descriptor().duplicate()));
        send(wire::ReadoptHistory{.publisher = history.publisher}, 0, stream,
             list_of(std::move(history.data)));
    }
    for (ConnectionTable::PresentedPort& port : presented->ports) {
        const wire::ReadoptPort claim{
            .port = port.port, .has_data = static_cast<bool>(port.data), .wakes = port.wakes};
        send(claim, 0, stream, list_of(std::move(port.data)));
        for (ConnectionTable::PresentedSegment& further : port.further)
            send(wire::ReadoptSegment{.port = port.port, .segment = further.segment}, 0, stream,
                 list_of(std::move(further.data)));
    }
    wire::ReadoptConnections ready;
    const auto send_ready = [&] {
        if (!ready.halves.empty()) send(std::exchange(ready, {}), 0, stream);
    };
    for (ConnectionTable::PresentedHalf& half : presented->halves) {
        if (half.segment) {
            send(wire::ReadoptConnection{.half = half.half}, 0, stream, list_of(std::move(half.segment)));
            continue;
        }
        ready.halves.push_back(half.half);
        if (ready.halves.size() == halves_in_a_frame) send_ready();
    }
    send_ready();
    std::uint64_t number = 0;
    {
        const std::lock_guard lock{mutex_};
        number = own_request_ = ++last_request_;
        bond_ = Bond::presented;
    }
    send(wire::ReadoptDone{}, number, stream);
}

bool Reactor::take_readoption(wire::Numbered<wire::BrokerMessage>& message) {
    if (const auto* service = std::get_if<wire::ServiceReadopted>(&message.message)) {
        services_.readopted(service->recorded, service->service);
    } else if (auto* refused = std::get_if<wire::NotReadopted>(&message.message)) {
        const wire::Refused why{.code = refused->code, .message = std::move(refused->message)};
        if (refused->service) services_.not_readopted(*refused->service, why);
        if (refused->port) connections_.not_readopted(*refused->port);
    } else if (std::holds_alternative<wire::Readopted>(message.message)) {
        come_back(std::move(message.descriptors.front()));
    } else if (std::holds_alternative<wire::RecordRenewed>(message.message)) {
        if (way_back_) way_back_->record = std::move(message.descriptors.front());
    } else {
        return false;
    }
    return true;
}

void Reactor::come_back(shm::UniqueFd record) {
    const auto held = connections_.hold();
    {
        const std::lock_guard lock{mutex_};
        if (bond_ != Bond::presented) return;
    }
    way_back_->record = std::move(record);
    watch_.end();
    const auto closed = services_.settle();
    std::vector<std::pair<std::uint64_t, wire::ClientMessage>> unanswered;
    std::vector<wire::ConnectionCut> cuts;
    {
        const std::lock_guard lock{mutex_};
        bond_ = Bond::there;
        gone_.reset();
        for (const auto& [number, awaited] : answers_)
            if (!awaited.answer) unanswered.emplace_back(number, awaited.message);
        cuts.swap(cuts_to_tell_);
    }
    const std::uint64_t stream = transport_.stream();
    for (const std::uint64_t service : closed) send(wire::CloseService{.service = service}, 0, stream);
    for (wire::ConnectionCut& cut : cuts) report_cut(cut.connection, std::move(cut.detail));
    std::sort(unanswered.begin(), unanswered.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    for (auto& [number, asked] : unanswered) transmit(number, std::move(asked), stream);
    changed_.notify_all();
}

}  // namespace ipc::control
