// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/configuration.hpp"
#include "daemon/listening_socket.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/socket_watch.hpp"
#include "session/admission.hpp"
#include "status/inquiry.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace roudi {

// The broker as a program: accepts until it is told to stop, or was idle for long enough.
class Daemon {
 public:
    struct Parts {
        Settings settings;
        std::map<std::string, std::string> sources;  // where each setting came from
        Log& log;
        ListeningSocket listening;
        std::optional<int> ready_descriptor;
        // The configuration as it is now, with what changed applied to the log already, whose file is new.
        std::function<tl::expected<Configuration, std::string>()> reload;
    };
    explicit Daemon(Parts parts);

    void run();

 private:
    void await_clients();
    void look_after_socket();
    void accept_clients();
    shm::UniqueFd accept_one() const;
    void pause();
    void await_signal();
    void take_signals();
    void reload();
    void apply(Configuration fresh);
    void feed_watchdog();
    void watch_idleness();
    void session_ended();
    void stop(const std::string& why);

    Parts parts_;
    asio::io_context loop_{1};
    Broker broker_;
    Admission admission_;
    Inquiry inquiry_;
    asio::posix::stream_descriptor listener_;
    asio::posix::stream_descriptor signals_;
    asio::steady_timer watchdog_;
    asio::steady_timer idleness_;
    asio::steady_timer retry_;
    SocketWatch socket_watch_;
    ServiceManager service_manager_;
    shm::UniqueFd at_the_door_;  // accepted, and not yet admitted
    bool out_of_descriptors_ = false;
    bool socket_lost_ = false;  // and could not be made again
    bool stopping_ = false;
};

}  // namespace roudi
