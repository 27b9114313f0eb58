// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "port/own_handle.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <mutex>
#include <vector>

namespace ipc::port {

class HandleShare;

// A port's own wake handle, and who sleeps on it: one, or several.
class SharedHandle {
 public:
    enum class Sleepers : bool { one, several };
    explicit SharedHandle(Sleepers sleepers) : several_{sleepers == Sleepers::several} {}

    // Whoever sleeps on it looks again. Nothing where nobody ever slept.
    void wake() const { handle_.wake(); }

 private:
    friend class HandleShare;
    void hand_on(const HandleShare& reader);

    const bool several_;
    OwnHandle handle_;
    std::mutex mutex_;
    std::vector<const HandleShare*> shares_;  // those with an event
};

// One of those who sleep on a port's handle. An only one sleeps on the handle itself. Of several, each has an
// event beside it: whoever reads the handle empty writes into the events of the others, for that may have
// been meant for them. Used by several threads at once.
class HandleShare {
 public:
    explicit HandleShare(SharedHandle& shared) : shared_{shared} {}
    HandleShare(const HandleShare&) = delete;
    HandleShare& operator=(const HandleShare&) = delete;
    ~HandleShare();

    // What becomes readable; asks the broker where the port has no handle yet, as OwnHandle does.
    tl::expected<int, control::CallFailure> readable(control::Session& session, wire::Uuid port,
                                                     control::Patience patience);
    // Before this one raises and sleeps, once it has what becomes readable. Whether there was something.
    bool drain();
    // This one looks again.
    void wake() const;
    bool is_incomplete() const { return shared_.handle_.is_incomplete(); }

 private:
    friend class SharedHandle;
    tl::expected<int, control::CallFailure> make_event();

    SharedHandle& shared_;
    std::atomic<int> readable_{-1};
    std::atomic<int> handle_{-1};  // the port's
    std::mutex making_;
    shm::UniqueFd event_;  // of several
    shm::UniqueFd both_;   // likewise: an epoll set of the handle and the event
};

}  // namespace ipc::port
