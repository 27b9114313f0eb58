// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace roudi {

// A broker inside this process, in a thread of its own (which takes no signals). Nobody outside reaches it:
// clients connect through socket pairs. Ends with this object, and so do its clients' sessions. In a forked
// child it does nothing.
class EmbeddedBroker {
 public:
    static tl::expected<std::unique_ptr<EmbeddedBroker>, std::string> start();
    EmbeddedBroker(const EmbeddedBroker&) = delete;
    EmbeddedBroker& operator=(const EmbeddedBroker&) = delete;
    ~EmbeddedBroker();

    // A stream socket with the broker at its other end, not blocking; empty if the process has no descriptors
    // left (errno tells). Thread-safe.
    ipc::shm::UniqueFd connect();

 private:
    struct Running;
    explicit EmbeddedBroker(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

}  // namespace roudi
