// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <boost/asio/post.hpp>

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace roudi {

namespace {

// How often one session may read in a row while others wait, and what is read of a dead client's last words.
constexpr int reads_in_a_row = 8;
constexpr int last_reads = 64;

}  // namespace

Session::Session(Surroundings surroundings, Peer peer, std::shared_ptr<Account> charged_account,
                 Charge charge)
    : Client{peer.identity, std::move(charged_account)},
      surroundings_{std::move(surroundings)},
      pidfd_{std::move(peer.pidfd)},
      socket_{surroundings_.loop},
      // Registered with the loop without being owned by it: connections hand out copies of it.
      death_{surroundings_.loop},
      patience_{surroundings_.loop},
      charge_{std::move(charge)} {}

tl::expected<void, shm::SystemError> Session::attach(shm::UniqueFd socket) {
    boost::system::error_code error;
    socket_.assign(socket.get(), error);
    if (error) return tl::unexpected{shm::SystemError{.operation = "epoll_ctl", .code = error.value()}};
    (void)socket.release();
    death_.assign(pidfd_.get(), error);
    if (error) return tl::unexpected{shm::SystemError{.operation = "epoll_ctl", .code = error.value()}};
    return {};
}

void Session::start() {
    await_input();
    await_death();
    watch_half_frames(false);
}

// What cannot be waited for would never be looked at again.
void Session::await(asio::posix::stream_descriptor& descriptor, asio::posix::descriptor_base::wait_type what,
                    Continue then) {
    descriptor.async_wait(what, [self = shared_from_this(), then](const boost::system::error_code& error) {
        if (self->over_) return;
        if (error) return self->cut("it cannot be waited for: " + error.message());
        (self.get()->*then)();
    });
}

void Session::watch_half_frames(bool progress) {
    const bool waiting = node == nullptr || reader_.has_part_of_a_frame();
    const bool another = progress && node != nullptr;
    if (waiting == watching_ && !(waiting && another)) return;
    watching_ = waiting;
    if (!waiting) {
        patience_.cancel();
        return;
    }
    patience_.expires_after(std::chrono::milliseconds{surroundings_.settings.frame_timeout_ms});
    patience_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error || self->over_ || !self->watching_) return;
        // Not if it was put off when this was on its way already.
        if (self->patience_.expiry() <= asio::steady_timer::clock_type::now())
            self->cut("a frame was not whole within " +
                      std::to_string(self->surroundings_.settings.frame_timeout_ms) + " ms");
    });
}

void Session::take_input() {
    std::size_t taken = 0;
    for (int i = 0; i < reads_in_a_row; ++i) {
        auto progress = reader_.receive(socket_.native_handle());
        if (!progress) return cut(progress.error().reason);
        if (*progress == wire::FrameReader::Progress::Nothing) break;
        if (*progress == wire::FrameReader::Progress::Closed) return end();
        if (!brought_memory_only() || !take_frames(taken)) return;
        // Most clients wait for their answer: to read again would only say that nothing is there.
        if (!reader_.has_part_of_a_frame()) break;
    }
    arrived_charge_.refund();
    if (!charge_descriptors(arrived_charge_, reader_.waiting_descriptors())) return;
    watch_half_frames(taken > 0);
    await_input();
}

// What it said before it died still counts: a goodbye, or why it cut a connection.
//
// Only if it did: where several descriptors become ready at once, the loop may have given this one the place
// of another that a handler closed a moment ago, and then says of this one what it had to say of that.
void Session::drain_after_death() {
    if (is_alive()) return await_death();
    for (int i = 0; i < last_reads; ++i) {
        auto progress = reader_.receive(socket_.native_handle());
        if (!progress || *progress != wire::FrameReader::Progress::Some) break;
        std::size_t taken = 0;
        if (!brought_memory_only() || !take_frames(taken)) return;
    }
    end();
}

bool Session::brought_memory_only() {
    if (reader_.all_waiting(is_memory_file)) return true;
    return cut("it passed descriptors that are no memory files"), false;
}

// False if the session ended over it.
bool Session::take_frames(std::size_t& taken) {
    while (true) {
        auto frame = reader_.next();
        if (!frame) return cut(frame.error().reason), false;
        if (!*frame) return true;
        ++taken;
        auto message = wire::decode_client(std::move(**frame));
        if (!message) return cut(message.error().reason), false;
        auto handled = surroundings_.broker.handle(*this, std::move(*message));
        if (!handled) return cut(handled.error().reason), false;
        if (doomed_) return false;
    }
}

void Session::send(const wire::BrokerMessage& message, std::uint64_t request,
                   std::vector<shm::UniqueFd> descriptors) {
    if (over_ || doomed_) return;
    const std::size_t count = descriptors.size();
    unread_descriptors_ += count;
    if (request != 0) ++unread_answers_;
    writer_.enqueue(wire::encode(message, request, std::move(descriptors)));
    if (!blocked_) flush();
    if (blocked_ && !charge_descriptors(unread_charge_, count)) return;
    const Settings& settings = surroundings_.settings;
    cut_if_over(writer_.queued_bytes(), settings.queue_bytes, "bytes");
    cut_if_over(unread_descriptors_, settings.queue_descriptors, "descriptors");
    cut_if_over(unread_answers_, settings.queue_answers, "answers");
}

// False if it was too much: the session ends over it.
bool Session::charge_descriptors(Charge& charge, std::uint64_t count) {
    if (count == 0) return true;
    auto more = surroundings_.broker.ledger().charge(account, Usage{}.with(Resource::Descriptors, count));
    if (!more) {
        cut_later("it leaves descriptors to the broker: " + more.error().message);
        return false;
    }
    charge.absorb(std::move(*more));
    return true;
}

void Session::cut_if_over(std::uint64_t unread, std::uint64_t allowed, const char* what) {
    if (unread > allowed)
        cut_later("it left " + std::to_string(unread) + " " + what + " unread, and session.queue_" + what +
                  " allows " + std::to_string(allowed));
}

void Session::flush() {
    (void)unread_since();
    const auto progress = writer_.flush(socket_.native_handle());
    const int reason = errno;
    unread_.sent(socket_.native_handle());
    switch (progress) {
        case wire::FrameWriter::Progress::Done:
            blocked_ = false;
            unread_answers_ = 0;
            unread_descriptors_ = 0;
            unread_charge_.refund();
            break;
        case wire::FrameWriter::Progress::Blocked:
            blocked_ = true;
            await_room();
            break;
        case wire::FrameWriter::Progress::Closed:
            if (reason != EPIPE && reason != ECONNRESET)
                return cut_later(shm::SystemError{.operation = "sendmsg", .code = reason}.message());
            doomed_ = true;
            asio::post(surroundings_.loop, [self = shared_from_this()] { self->end(); });
            break;
    }
}

void Session::cut_later(std::string reason) {
    if (std::exchange(doomed_, true)) return;
    asio::post(surroundings_.loop,
               [self = shared_from_this(), reason = std::move(reason)] { self->cut(reason); });
}

void Session::cut(const std::string& reason) {
    if (over_) return;
    const std::string name = node != nullptr ? node->hello.node_name : "";
    surroundings_.log.warning("session of process " + std::to_string(identity.pid) + " (node \"" + name +
                              "\", user " + std::to_string(identity.uid) + ") was ended: " + reason);
    surroundings_.broker.incidents().add(Incidents::Ended{
        .at = std::chrono::system_clock::now(), .identity = identity, .node = name, .reason = reason});
    close(reason);
}

void Session::close(const std::string& reason) {
    if (over_) return;
    writer_.enqueue(wire::encode(wire::BrokerMessage{wire::Closing{.reason = reason}}, 0));
    // Whoever does not read does not learn why: the session ends either way.
    (void)writer_.flush(socket_.native_handle());
    end();
}

void Session::end() {
    if (std::exchange(over_, true)) return;
    const auto self = shared_from_this();
    surroundings_.broker.forget(*this);
    patience_.cancel();
    // Copies of the socket in forked children end with it.
    (void)::shutdown(socket_.native_handle(), SHUT_RDWR);
    death_.release();
    // Nothing more comes after the shutdown; and what was not read is closed with the socket.
    int unread = 0;
    if (::ioctl(socket_.native_handle(), FIONREAD, &unread) != 0) unread = 1;
    if (unread == 0 && reader_.all_waiting(is_memory_file)) {
        boost::system::error_code ignored;  // close() gives the number back even where it reports an error
        socket_.close(ignored);
    } else {
        auto left = reader_.take_waiting();
        left.emplace_back(socket_.release());
        surroundings_.leftovers.close(std::move(left), std::move(charge_));
    }
    surroundings_.on_end(*this);
}

}  // namespace roudi
