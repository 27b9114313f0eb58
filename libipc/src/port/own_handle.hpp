// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <memory>
#include <mutex>

namespace ipc::port {

// What a port sleeps on, from its first wait on; ports that only poll have none. Used by several threads at
// once.
class OwnHandle {
 public:
    // What becomes readable; where there is none yet, asks the broker to let others wake it. Who can do
    // without waits for no broker that is not there, for one that is no longer than until it would look again
    // (`unwoken_look`), and not for another thread that waits.
    tl::expected<int, control::CallFailure> readable(control::Session& session, wire::Uuid port,
                                                     control::Patience patience);
    // Whoever sleeps on it looks again. Nothing where there is none.
    void wake() const;
    // Whether some counterpart's way to wake it has not arrived yet, whatever that counterpart says.
    bool is_incomplete() const;

 private:
    std::mutex requesting_;
    std::shared_ptr<control::WakeSet> set_;
    std::atomic<int> readable_{-1};
    std::atomic<const control::WakeSet*> own_{nullptr};
};

}  // namespace ipc::port
