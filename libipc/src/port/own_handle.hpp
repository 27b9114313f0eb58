// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <mutex>

namespace ipc::port {

// A port's own wake handle: what it sleeps on. The broker makes it at the first wait; ports that only poll
// have none. Used by several threads at once.
class OwnHandle {
 public:
    // The end that becomes readable; asks the broker for it where there is none yet. Who can do without waits
    // for no broker that is not there, nor for another thread that does.
    tl::expected<int, control::CallFailure> readable(control::Session& session, wire::Uuid port,
                                                     control::Patience patience);
    // Whoever sleeps on it looks again. Nothing where there is none.
    void wake() const;

 private:
    std::mutex requesting_;
    control::Session::WakeEnds ends_;
    std::atomic<int> readable_{-1};
    std::atomic<int> writable_{-1};
};

}  // namespace ipc::port
