// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/broker_watch.hpp"
#include "control/connection_table.hpp"
#include "control/kept_histories.hpp"
#include "control/poll_set.hpp"
#include "control/service_numbers.hpp"
#include "control/session.hpp"
#include "control/transport.hpp"
#include "shm/fork_guard.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ipc::control {

// What runs a node: takes what the broker says and what becomes of the peers' processes, and gives it to
// whom it concerns. One thread at a time drives it: the node's control thread, a thread that waits for an
// answer (which saves the way through the control thread), or the application's loop.
class Reactor : public std::enable_shared_from_this<Reactor> {
 public:
    enum class Waited : std::uint8_t { Done, Timeout, Interrupted };

    static tl::expected<std::shared_ptr<Reactor>, std::string> create(
        shm::UniqueFd socket, ConnectionTable::Membarrier own_membarrier);
    Reactor(PollSet poll_set, shm::UniqueFd socket, shm::UniqueFd wake, ConnectionTable::Membarrier own);
    ~Reactor();

    // From now on a thread of its own drives it, or the application does. Both after the hello.
    tl::expected<void, std::string> start_thread();
    void drive_from_outside();

    // What it takes to come back to a broker that does not know the node. Before it is driven.
    struct WayBack {
        std::string socket;  // path
        wire::Hello hello;
        shm::UniqueFd counters;
        shm::UniqueFd record;
    };
    void set_way_back(WayBack way_back) { way_back_ = std::move(way_back); }

    // One request and its answer; a message of kind Refused counts as an answer. While there is no broker, it
    // waits for one. Nothing where none can come: gone_reason() says why. An answer that comes too late is
    // undone. Services go by their keys.
    struct Asked {
        Waited waited = Waited::Done;
        std::optional<wire::Numbered<wire::BrokerMessage>> answer;
    };
    // What has to be done with an answer before anything that came behind it is looked at. Called by whoever
    // reads it, while the one who asked waits.
    using Taking = std::function<void(wire::Numbered<wire::BrokerMessage>& answer)>;
    Asked ask(const wire::ClientMessage& message, Clock::time_point deadline, int interrupt, Taking take = {},
              Patience patience = Patience::until_there_is_a_broker);
    void tell(const wire::ClientMessage& message);

    // What the port sleeps on, whether or not anybody can wake it yet.
    tl::expected<std::shared_ptr<WakeSet>, shm::SystemError> wake_set(wire::Uuid port) {
        return connections_.wake_set(port);
    }
    // Asked for once for each port: who asks again after a timeout gets the late answer.
    Asked ask_for_wake_handle(wire::Uuid port, Clock::time_point deadline, int interrupt, Patience patience);

    // Of a port that is being created: notes that its connections wait for their other halves, and waits
    // until none of them does.
    void expect_ready(const std::vector<wire::Uuid>& connections);
    Waited wait_until_ready(const std::vector<wire::Uuid>& connections, Clock::time_point deadline,
                            int interrupt);

    // Likewise, of connections whose other halves are to take a further data segment; gives those that did
    // not.
    void expect_taken(wire::Uuid segment, const std::vector<wire::Uuid>& connections);
    std::vector<wire::Uuid> wait_until_taken(wire::Uuid segment, Clock::time_point deadline, int interrupt);

    // What can be done without waiting; nothing where a thread does it.
    void process();
    int descriptor() const { return poll_set_.descriptor(); }

    void drop_port(wire::Uuid port);
    void shrink_port(wire::Uuid port, wire::Uuid segment);
    void close_service(std::uint64_t key);
    void report_cut(wire::Uuid connection, std::string detail);

    // Says goodbye and ends the thread; called once, by whom the session belongs to.
    void stop();
    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }

    // Why there is no broker; nothing where there is one.
    std::optional<std::string> gone_reason() const;
    ConnectionTable& connections() { return connections_; }
    ServiceNumbers& services() { return services_; }
    const KeptHistories& kept_histories() const { return kept_; }

 private:
    enum class Drive : std::uint8_t { None, Thread, Outside };
    enum Token : std::uint64_t { socket_token, wake_token, timer_token, directory_token, first_peer_token };
    enum class Bond : std::uint8_t {
        there,      // to a broker that knows the node
        away,       // there is none
        greeting,   // there is one, which has not said welcome yet
        presented,  // it was presented everything, and has not said that it has it
        gone,       // and none will come
    };

    struct Awaited {
        wire::ClientMessage message;
        Taking take;
        bool being_taken = false;
        std::optional<wire::Numbered<wire::BrokerMessage>> answer;
    };

    void forget_wake_request(wire::Uuid port);
    std::uint64_t request(const wire::ClientMessage& message, Taking take = {});
    void transmit(std::uint64_t request, wire::ClientMessage message, std::uint64_t stream);
    void refuse(std::uint64_t request, wire::Refused why);
    void send(const wire::ClientMessage& message, std::uint64_t request, std::uint64_t stream,
              std::vector<shm::UniqueFd> descriptors = {});
    Asked collect(std::uint64_t request, Clock::time_point deadline, int interrupt, bool leads,
                  Patience patience = Patience::until_there_is_a_broker);
    bool waits_for_others() const;
    Waited wait_for_others(const std::function<bool()>& done, Clock::time_point deadline, int interrupt);
    Waited drive_until(const std::function<bool()>& done, Clock::time_point deadline, int interrupt,
                       bool leads = false);
    Waited lead_until(const std::function<bool()>& done, Clock::time_point deadline, int interrupt);
    std::chrono::microseconds time_to_look();
    Waited wait_for_events(Clock::time_point looks_until, Clock::time_point deadline, int interrupt);
    bool begin_to_lead();
    void stop_leading();
    void run();
    bool take_seat();
    void leave_seat();
    void handle_events(int timeout_ms);
    void handle_socket();
    void dispatch(wire::Numbered<wire::BrokerMessage> message);
    void announce(wire::Numbered<wire::BrokerMessage> message);
    void undo(const wire::BrokerMessage& answer);
    void offered(wire::ConnectionOffered offer, std::vector<shm::UniqueFd> descriptors);
    void settle(wire::Uuid connection);
    void segment_offered(const wire::SegmentOffered& offer, shm::UniqueFd data);
    void segment_taken(const wire::SegmentReady& ready);
    bool announce_segment(wire::Numbered<wire::BrokerMessage>& message);
    void peer_ended(const ConnectionTable::Ended& ended);
    void end(std::string reason);

    // By who has the seat.
    void look_for_broker();
    void greet(shm::UniqueFd socket);
    bool is_welcome(const wire::Numbered<wire::BrokerMessage>& message);
    void present();
    bool take_readoption(wire::Numbered<wire::BrokerMessage>& message);
    void come_back(shm::UniqueFd record);
    void watch_socket();
    void set_led(bool led);

    const std::uint32_t generation_ = shm::fork_generation();
    PollSet poll_set_;
    shm::UniqueFd wake_;
    Transport transport_;
    ConnectionTable connections_;
    ServiceNumbers services_;
    KeptHistories kept_;
    std::optional<WayBack> way_back_;  // of who has the seat
    BrokerWatch watch_;                // likewise
    std::unique_ptr<std::thread> thread_;
    Drive drive_ = Drive::None;

    std::mutex watching_;  // of which events of the socket the set reports
    bool led_ = false;     // somebody waits for the socket itself, and the thread should sleep on

    unsigned sleeps_at_once_ = 0;  // of who has the seat: so many waits do not look before they sleep

    mutable std::mutex mutex_;  // of everything below
    std::condition_variable changed_;
    bool driven_ = false;  // the seat: somebody reads the socket
    bool stopping_ = false;
    Bond bond_ = Bond::there;
    std::optional<std::string> gone_;  // where there is no broker: why
    std::uint64_t last_request_ = 0;
    std::uint64_t own_request_ = 0;       // of the hello or the readopt_done that waits for its answer
    std::unordered_set<wire::Uuid> cut_;  // the broker was told, and has not removed them yet
    std::vector<wire::ConnectionCut> cuts_to_tell_;
    std::unordered_map<std::uint64_t, Awaited> answers_;
    std::unordered_map<wire::Uuid, std::uint64_t> wake_requests_;  // unanswered
    std::unordered_set<wire::Uuid> unready_;  // of what was expected, whose other half is not mapped yet
    std::unordered_map<wire::Uuid, std::unordered_set<wire::Uuid>> untaken_;  // by segment: connections
};

}  // namespace ipc::control
