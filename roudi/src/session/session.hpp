// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/broker.hpp"
#include "broker/client.hpp"
#include "session/leftovers.hpp"
#include "session/peer.hpp"
#include "session/unread.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace roudi {

namespace asio = boost::asio;

// One client: its socket and its pidfd. Ends with whichever of the two ends first, or when the client breaks
// a rule; and everything that was the client's ends with it.
class Session : public Client, public std::enable_shared_from_this<Session> {
 public:
    struct Surroundings {
        asio::io_context& loop;
        Broker& broker;
        const Settings& settings;
        Log& log;
        Leftovers& leftovers;
        std::function<void(Session&)> on_end;
    };
    Session(Surroundings surroundings, Peer peer, std::shared_ptr<Account> charged_account, Charge charge);

    // Has the loop watch the socket and the process behind it. First of all, and where it fails, last.
    tl::expected<void, shm::SystemError> attach(shm::UniqueFd socket);
    void start();
    // The broker ends: what becomes of others is not this client's business any more. Those who have the same
    // broker again are connected as before.
    void mute() { doomed_ = true; }
    // Ends it in good order, with a word why.
    void close(const std::string& reason);

    void send(const wire::BrokerMessage& message, std::uint64_t request,
              std::vector<shm::UniqueFd> descriptors) override;
    const shm::UniqueFd& pidfd() const override { return pidfd_; }
    std::optional<std::chrono::steady_clock::time_point> unread_since() override {
        return unread_.since(socket_.native_handle());
    }

 private:
    using Continue = void (Session::*)();
    void await(asio::posix::stream_descriptor& descriptor, asio::posix::descriptor_base::wait_type what,
               Continue then);
    void await_input() { await(socket_, asio::posix::descriptor_base::wait_read, &Session::take_input); }
    void await_room() { await(socket_, asio::posix::descriptor_base::wait_write, &Session::flush); }
    void await_death() {
        await(death_, asio::posix::descriptor_base::wait_read, &Session::drain_after_death);
    }
    // A frame that was begun, and the first one of all, has to come whole in time. `progress`: another one
    // came whole meanwhile.
    void watch_half_frames(bool progress);
    void take_input();
    void drain_after_death();
    bool take_frames(std::size_t& taken);
    // False if the session ended over it.
    bool brought_memory_only();
    void flush();
    void cut(const std::string& reason);
    void cut_later(std::string reason);
    void cut_if_over(std::uint64_t unread, std::uint64_t allowed, const char* what);
    // Descriptors that lie here because the client does not take them, or does not say what they are for.
    bool charge_descriptors(Charge& charge, std::uint64_t count);
    void end();

    Surroundings surroundings_;
    shm::UniqueFd pidfd_;
    asio::posix::stream_descriptor socket_;
    asio::posix::stream_descriptor death_;
    asio::steady_timer patience_;
    Charge charge_;
    wire::FrameReader reader_{wire::max_client_frame};
    wire::FrameWriter writer_;
    // Since the queue was last empty.
    std::uint64_t unread_answers_ = 0;
    std::uint64_t unread_descriptors_ = 0;
    Charge unread_charge_;
    Unread unread_;
    Charge arrived_charge_;
    bool watching_ = false;
    bool blocked_ = false;
    bool doomed_ = false;  // to be ended by the loop
    bool over_ = false;
};

}  // namespace roudi
