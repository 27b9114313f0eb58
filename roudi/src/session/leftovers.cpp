// SPDX-License-Identifier: Apache-2.0
#include "session/leftovers.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>

#include <system_error>
#include <thread>
#include <utility>

namespace roudi {

// Only files of the kernel's tmpfs (or of huge pages) have seals; another file system is not even asked.
bool is_memory_file(const shm::UniqueFd& descriptor) {
    return ::fcntl(descriptor.get(), F_GET_SEALS) >= 0;
}

// What is not closed yet is closed when the process ends, if not before.
Leftovers::~Leftovers() {
    for (const Kept& kept : kept_) {
        const std::lock_guard lock{kept.lot->mutex};
        kept.lot->when_closed = nullptr;
    }
}

void Leftovers::close(std::vector<shm::UniqueFd> descriptors, Charge charge) {
    auto lot = std::make_shared<Lot>();
    lot->descriptors = std::move(descriptors);
    lot->when_closed = [this] { asio::post(loop_, [this] { tidy(); }); };
    kept_.push_back({.lot = std::move(lot), .charge = std::move(charge)});
    tidy();
}

void Leftovers::tidy() {
    std::erase_if(kept_, [](const Kept& kept) {
        const std::lock_guard lock{kept.lot->mutex};
        return kept.lot->closed;
    });
    for (Kept& kept : kept_)
        if (!kept.started) kept.started = start(kept.lot);
}

// Detached: if it never ends, neither the loop nor the broker's end waits for it.
bool Leftovers::start(const std::shared_ptr<Lot>& lot) {
    try {
        std::thread{[lot] {
            lot->descriptors.clear();
            const std::lock_guard lock{lot->mutex};
            lot->closed = true;
            if (lot->when_closed) lot->when_closed();
        }}.detach();
    } catch (const std::system_error&) {
        return false;
    }
    return true;
}

}  // namespace roudi
