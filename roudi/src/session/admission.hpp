// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session/leftovers.hpp"
#include "session/session.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace roudi {

// All sessions, and the door: decides whether a process that connected gets one.
class Admission {
 public:
    Admission(asio::io_context& loop, Broker& broker, const Settings& settings, Log& log);
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;

    // `socket`: connected, and not blocking. Gives it back if there is no descriptor left to watch the
    // process behind it: to be tried again when something was closed.
    [[nodiscard]] shm::UniqueFd admit(shm::UniqueFd socket);
    // Ends every session in good order.
    void close_all(const std::string& reason);

    std::size_t size() const { return sessions_.size(); }
    // Nothing of a session that ended is still being closed.
    bool has_closed_all() const { return leftovers_.empty(); }
    // Called after each session's end.
    std::function<void()> on_end = [] {};

 private:
    asio::io_context& loop_;
    Broker& broker_;
    const Settings& settings_;
    Log& log_;
    Leftovers leftovers_;
    asio::steady_timer outlived_;  // the broker's alarm
    std::unordered_map<Session*, std::shared_ptr<Session>> sessions_;
};

}  // namespace roudi
