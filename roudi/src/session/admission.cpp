// SPDX-License-Identifier: Apache-2.0
#include "session/admission.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace roudi {

namespace {

// What the kernel buffers of small frames that a client does not read (it doubles the number): about a dozen,
// so that the count of unread answers begins early.
constexpr int send_buffer = 8 * 1024;

}  // namespace

Admission::Admission(asio::io_context& loop, Broker& broker, const Settings& settings, Log& log)
    : loop_{loop}, broker_{broker}, settings_{settings}, log_{log}, leftovers_{loop}, outlived_{loop} {
    broker_.set_alarm([this](Broker::TimePoint when) {
        outlived_.expires_at(when);  // what was waited for is cancelled
        outlived_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled) broker_.drop_outlived(Broker::TimePoint::clock::now());
        });
    });
}

shm::UniqueFd Admission::admit(shm::UniqueFd socket) {
    auto peer = Peer::of(socket);
    if (!peer) {
        if (peer.error().code == EMFILE || peer.error().code == ENFILE) return socket;
        // Mostly a process that is dead already.
        log_.debug("a process that connected cannot be identified: " + peer.error().message());
        return {};
    }
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer) != 0) {
        log_.error(shm::failed("SO_SNDBUF").value().message());
        return {};
    }
    auto account = std::make_shared<Account>(broker_.ledger(), peer->identity);
    auto charge =
        broker_.ledger().charge(account, Usage{}.with(Resource::Sessions, 1).with(Resource::Descriptors, 2));
    const bool refused = !charge;
    auto session = std::make_shared<Session>(Session::Surroundings{.loop = loop_,
                                                                   .broker = broker_,
                                                                   .settings = settings_,
                                                                   .log = log_,
                                                                   .leftovers = leftovers_,
                                                                   .on_end =
                                                                       [this](Session& ended) {
                                                                           sessions_.erase(&ended);
                                                                           on_end();
                                                                       }},
                                             std::move(*peer), std::move(account),
                                             refused ? Charge{} : std::move(*charge));
    if (auto attached = session->attach(std::move(socket)); !attached) {
        log_.error("a process that connected is not served: " + attached.error().message());
        return {};
    }
    sessions_.emplace(session.get(), session);
    if (refused) {
        log_.warning("a session was refused: " + charge.error().message);
        session->close(charge.error().message);
        return {};
    }
    session->start();
    return {};
}

void Admission::close_all(const std::string& reason) {
    broker_.set_alarm(
        [](Broker::TimePoint) {});  // a loop that ends when there is nothing left to do must end
    outlived_.cancel();
    for (const auto& [key, session] : sessions_) session->mute();
    while (!sessions_.empty()) {
        const auto session = sessions_.begin()->second;
        session->close(reason);
    }
}

}  // namespace roudi
