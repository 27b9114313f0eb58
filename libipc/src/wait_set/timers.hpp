// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "port/waiting.hpp"
#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <set>

namespace ipc::wait_set {

using TimePoint = port::Deadline;

// What is due when, over one descriptor that becomes readable when the first of it is.
class Timers {
 public:
    enum class Kind : std::uint8_t {
        period,  // of an interval or a deadline
        look,    // at a port that may not be woken
    };
    struct Entry {
        TimePoint due;
        std::uint64_t attachment = 0;
        Kind kind = Kind::period;
        friend auto operator<=>(const Entry&, const Entry&) = default;
    };

    static tl::expected<Timers, shm::SystemError> create();

    void add(const Entry& entry) { queue_.insert(entry); }
    void remove(const Entry& entry) { queue_.erase(entry); }
    // Takes the first that is due.
    std::optional<Entry> take(TimePoint now);

    // Tells the kernel, where something changed: to be called after each of the above.
    void arm();
    // After the descriptor was found readable: makes it quiet, and it has to be armed anew.
    void fired();
    int descriptor() const { return timer_.get(); }

 private:
    static constexpr TimePoint never = TimePoint::max();

    shm::UniqueFd timer_;
    std::set<Entry> queue_;
    TimePoint armed_ = never;
};

}  // namespace ipc::wait_set
