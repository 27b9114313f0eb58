// SPDX-License-Identifier: Apache-2.0
#include "reactor.hpp"

#include "control/signal_mask.hpp"
#include "control/threadless_nodes.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace ipc::control {

tl::expected<std::shared_ptr<Reactor>, std::string> Reactor::create(
    shm::UniqueFd socket, ConnectionTable::Membarrier own_membarrier) {
    auto poll_set = PollSet::create();
    if (!poll_set) return tl::unexpected{poll_set.error().message()};
    shm::UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!wake) return tl::unexpected{shm::failed("eventfd").value().message()};
    for (const auto& [descriptor, token] : {std::pair{socket.get(), socket_token}, {wake.get(), wake_token}})
        if (auto added = poll_set->add(descriptor, EPOLLIN, token); !added)
            return tl::unexpected{added.error().message()};
    return std::make_shared<Reactor>(std::move(*poll_set), std::move(socket), std::move(wake),
                                     own_membarrier);
}

Reactor::Reactor(PollSet poll_set, shm::UniqueFd socket, shm::UniqueFd wake, ConnectionTable::Membarrier own)
    : poll_set_{std::move(poll_set)},
      wake_{std::move(wake)},
      transport_{std::move(socket)},
      connections_{poll_set_, first_peer_token, own},
      watch_{poll_set_, timer_token, directory_token} {}

Reactor::~Reactor() = default;

tl::expected<void, std::string> Reactor::start_thread() {
    const AllSignalsBlocked inherited_by_the_thread;
    drive_ = Drive::Thread;
    try {
        // The thread keeps the reactor: the session may end on this very thread.
        thread_ = std::make_unique<std::thread>([self = shared_from_this()] { self->run(); });
    } catch (const std::system_error& failure) {
        drive_ = Drive::None;
        return tl::unexpected{std::string{"its control thread cannot be started: "} + failure.what()};
    }
    return {};
}

void Reactor::drive_from_outside() {
    drive_ = Drive::Outside;
    register_threadless(shared_from_this());
}

void Reactor::run() {
    for (;;) {
        handle_events(-1);
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
    }
}

void Reactor::process() {
    if (drive_ == Drive::Thread || !take_seat()) return;
    handle_events(0);
    leave_seat();
}

// Where a thread of its own waits here, somebody else may have the seat and then reads the socket; peers
// that died are the thread's business all the same. Elsewhere the caller has the seat.
void Reactor::handle_events(int timeout_ms) {
    for (const epoll_event& event : poll_set_.wait(timeout_ms)) {
        if (event.data.u64 == socket_token) {
            if (drive_ != Drive::Thread) {
                handle_socket();
            } else if (take_seat()) {
                handle_socket();
                leave_seat();
            }
        } else if (event.data.u64 == wake_token) {
            std::uint64_t count = 0;
            (void)!::read(wake_.get(), &count, sizeof count);
        } else if (event.data.u64 == timer_token || event.data.u64 == directory_token) {
            const bool mine = drive_ != Drive::Thread || take_seat();
            if (mine && watch_.is_due(event.data.u64)) look_for_broker();
            if (mine && drive_ == Drive::Thread) leave_seat();
        } else {
            for (const ConnectionTable::Ended& ended : connections_.peer_died(event.data.u64))
                peer_ended(ended);
        }
    }
}

bool Reactor::take_seat() {
    const std::lock_guard lock{mutex_};
    return !std::exchange(driven_, true);
}

void Reactor::leave_seat() {
    {
        const std::lock_guard lock{mutex_};
        driven_ = false;
    }
    changed_.notify_all();
}

void Reactor::handle_socket() {
    if (transport_.wants_to_write() && transport_.flush()) watch_socket();
    auto received = transport_.receive();
    for (;;) {
        auto message = transport_.next();
        if (!message) return end(std::move(message.error().reason));
        if (!*message) break;
        dispatch(std::move(**message));
    }
    if (!received) end(std::move(received.error().reason));
}

void Reactor::dispatch(wire::Numbered<wire::BrokerMessage> message) {
    if (is_welcome(message)) return present();
    if (take_readoption(message)) return;
    if (message.request == 0) return announce(std::move(message));
    std::unique_lock lock{mutex_};
    const auto asked = answers_.find(message.request);
    if (asked == answers_.end()) {
        lock.unlock();
        return undo(message.message);
    }
    Awaited& awaited = asked->second;
    if (awaited.take) {
        awaited.being_taken = true;  // who asked does not go away meanwhile
        lock.unlock();
        awaited.take(message);
        lock.lock();
        awaited.being_taken = false;
    }
    awaited.answer = std::move(message);
    changed_.notify_all();
}

// What nobody waits for any more would otherwise stay with the broker for as long as the node lives.
void Reactor::undo(const wire::BrokerMessage& answer) {
    if (const auto* opened = std::get_if<wire::ServiceOpened>(&answer))
        send(wire::CloseService{.service = opened->service}, 0, transport_.stream());
    else if (const auto* created = std::get_if<wire::PortCreated>(&answer))
        tell(wire::DropPort{.port = created->port});
    else if (const auto* grown = std::get_if<wire::PortGrown>(&answer))
        tell(wire::ShrinkPort{.port = grown->port, .segment = grown->segment});
}

void Reactor::announce(wire::Numbered<wire::BrokerMessage> message) {
    if (announce_segment(message)) return;
    if (auto* offer = std::get_if<wire::ConnectionOffered>(&message.message)) {
        offered(std::move(*offer), std::move(message.descriptors));
    } else if (const auto* ready = std::get_if<wire::ConnectionReady>(&message.message)) {
        connections_.ready(ready->connection, ready->port);
        settle(ready->connection);
    } else if (const auto* removed = std::get_if<wire::ConnectionRemoved>(&message.message)) {
        connections_.removed(removed->connection, removed->port, removed->reason);
        settle(removed->connection);
        const std::lock_guard lock{mutex_};
        cut_.erase(removed->connection);
    } else if (const auto* wake = std::get_if<wire::WakeOffered>(&message.message)) {
        connections_.wake_offered(wake->connection, wake->port, std::move(message.descriptors.front()));
    } else if (const auto* kept = std::get_if<wire::HistoryKept>(&message.message)) {
        KeptHistory history{.publisher = kept->publisher,
                            .size = kept->data_size,
                            .data = std::move(message.descriptors.front()),
                            .further = {}};
        for (std::size_t i = 0; i < kept->segments.size(); ++i)
            history.further.push_back(
                {kept->segments[i], shm::MemoryFile{std::move(message.descriptors[i + 1])}});
        kept_.keep(kept->service, std::move(history));
    } else if (const auto* dropped = std::get_if<wire::HistoryDropped>(&message.message)) {
        kept_.drop(dropped->publisher);
    } else if (const auto* woken = std::get_if<wire::WakeExpected>(&message.message)) {
        if (auto added = connections_.wake_expected(woken->connection, woken->port,
                                                    std::move(message.descriptors.front()));
            !added)
            report_cut(woken->connection, std::move(added.error()));
    } else if (const auto* closing = std::get_if<wire::Closing>(&message.message)) {
        end(closing->reason);
    }
}

void Reactor::offered(wire::ConnectionOffered offer, std::vector<shm::UniqueFd> descriptors) {
    const wire::Uuid id = offer.connection;
    if (auto connected = connections_.offered(std::move(offer), std::move(descriptors)); connected) {
        tell(wire::ConnectionMapped{.connection = id});
    } else {
        settle(id);
        tell(wire::ConnectionCut{.connection = id, .detail = std::move(connected.error())});
    }
}

void Reactor::settle(wire::Uuid connection) {
    const std::lock_guard lock{mutex_};
    bool settled = unready_.erase(connection) != 0;
    for (auto& [segment, connections] : untaken_) settled = connections.erase(connection) != 0 || settled;
    if (settled) changed_.notify_all();
}

void Reactor::peer_ended(const ConnectionTable::Ended& ended) {
    settle(ended.half.connection);
    if (ended.waits) tell(wire::PeerGone{.half = ended.half});
}

// For what a broker that is presented everything would not see: it is told, unless it will be presented.
void Reactor::tell(const wire::ClientMessage& message) {
    if (is_forked_copy()) return;
    std::uint64_t stream = 0;
    {
        const std::lock_guard lock{mutex_};
        if (bond_ != Bond::there && bond_ != Bond::presented) return;
        stream = transport_.stream();
    }
    send(message, 0, stream);
}

void Reactor::send(const wire::ClientMessage& message, std::uint64_t request, std::uint64_t stream,
                   std::vector<shm::UniqueFd> descriptors) {
    if (!transport_.send(message, request, stream, std::move(descriptors))) watch_socket();
}

void Reactor::watch_socket() {
    const std::lock_guard lock{watching_};
    if (transport_.descriptor() < 0) return;
    const std::uint32_t wanted = transport_.wants_to_write() ? EPOLLIN | EPOLLOUT : EPOLLIN;
    poll_set_.change(transport_.descriptor(), led_ ? 0 : wanted, socket_token);
}

void Reactor::set_led(bool led) {
    {
        const std::lock_guard lock{watching_};
        led_ = led;
    }
    watch_socket();
}

void Reactor::drop_port(wire::Uuid port) {
    if (is_forked_copy()) return;
    forget_wake_request(port);
    const auto held = connections_.hold();  // either it is presented, or the broker is not told
    const auto removed = connections_.remove_port(port);
    for (const wire::Uuid& connection : removed.connections) settle(connection);
    if (removed.is_known) tell(wire::DropPort{.port = port});
}

void Reactor::shrink_port(wire::Uuid port, wire::Uuid segment) {
    if (is_forked_copy()) return;
    const auto held = connections_.hold();  // as above
    connections_.remove_segment(port, segment);
    if (connections_.is_known(port)) tell(wire::ShrinkPort{.port = port, .segment = segment});
}

void Reactor::close_service(std::uint64_t key) {
    if (is_forked_copy()) return;
    const auto held = connections_.hold();  // as above
    std::uint64_t stream = 0;
    bool comes_back = false;
    {
        const std::lock_guard lock{mutex_};
        stream = bond_ == Bond::there ? transport_.stream() : 0;
        comes_back = bond_ == Bond::presented;
    }
    const auto number = services_.remove(key, comes_back);
    if (number && stream != 0) send(wire::CloseService{.service = *number}, 0, stream);
}

void Reactor::report_cut(wire::Uuid connection, std::string detail) {
    if (is_forked_copy()) return;
    wire::ConnectionCut cut{.connection = connection, .detail = std::move(detail)};
    {
        const std::lock_guard lock{mutex_};
        if (bond_ != Bond::there) {
            cuts_to_tell_.push_back(std::move(cut));
            return;
        }
        cut_.insert(connection);
    }
    tell(cut);
}

void Reactor::stop() {
    if (is_forked_copy()) {
        // The thread is the parent's, and so is the epoll set behind these copies: neither is touched.
        (void)thread_.release();
        poll_set_.close();
        transport_.close();
        wake_.reset();
        watch_.close_descriptors();
        way_back_.reset();
        connections_.close_descriptors();
        kept_.close_descriptors();
        return;
    }
    tell(wire::Goodbye{});
    transport_.shut();
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
    if (!thread_) return;
    // The last sample of a node may go while its own control thread has a hand on the port.
    if (thread_->get_id() == std::this_thread::get_id())
        thread_->detach();
    else
        thread_->join();
}

std::optional<std::string> Reactor::gone_reason() const {
    const std::lock_guard lock{mutex_};
    return gone_;
}

}  // namespace ipc::control
