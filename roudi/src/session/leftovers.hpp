// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/ledger.hpp"
#include "shm/unique_fd.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace roudi {

namespace asio = boost::asio;
namespace shm = ipc::shm;

// Whether closing this is the kernel's own business, and takes no time: what a client has to present is
// memory files, and nothing else is.
bool is_memory_file(const shm::UniqueFd& descriptor);

// What clients passed that nobody asked for, and sockets with such in their queues. The last to close a file
// waits for as long as that takes, and who made the file decides: it may be a TCP socket that lingers, or lie
// in a file system of his own. So each lot is closed by a thread of its own, and until that is through, it
// stays charged to who left it here.
class Leftovers {
 public:
    explicit Leftovers(asio::io_context& loop) : loop_{loop} {}
    Leftovers(const Leftovers&) = delete;
    Leftovers& operator=(const Leftovers&) = delete;
    ~Leftovers();

    // By the loop's thread.
    void close(std::vector<shm::UniqueFd> descriptors, Charge charge);
    bool empty() const { return kept_.empty(); }

 private:
    struct Lot {
        std::vector<shm::UniqueFd> descriptors;
        std::mutex mutex;
        bool closed = false;
        std::function<void()> when_closed;  // unless nobody wants to know any more
    };
    struct Kept {
        std::shared_ptr<Lot> lot;
        Charge charge;
        bool started = false;  // not where there was no thread to be had: then later
    };
    static bool start(const std::shared_ptr<Lot>& lot);
    // Pays back what was closed meanwhile.
    void tidy();

    asio::io_context& loop_;
    std::vector<Kept> kept_;
};

}  // namespace roudi
