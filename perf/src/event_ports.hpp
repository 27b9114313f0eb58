// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/ipc.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

// As product_ports.hpp, for events: what a user writes.
class Notifying {
 public:
    // Uses so many ids in turn.
    Notifying(ipc::Notifier notifier, std::uint64_t ids) : notifier_{std::move(notifier)}, ids_{ids} {}

    // Returns the number of listeners.
    std::size_t send() {
        const auto listeners = notifier_.notify(ipc::EventId{next_});
        if (!listeners)
            throw std::runtime_error{"not notified: " + std::string{to_string(listeners.error())}};
        next_ = next_ + 1 == ids_ ? 0 : next_ + 1;
        return *listeners;
    }

 private:
    ipc::Notifier notifier_;
    std::uint64_t ids_;
    std::uint64_t next_ = 0;
};

class Listening {
 public:
    explicit Listening(ipc::Listener listener) : listener_{std::move(listener)} {}

    // Takes what happened; false if nothing did.
    bool receive() {
        return hear([this](const auto& add) { return listener_.try_wait(add); });
    }
    // Sleeps until something happens.
    void sleep() {
        hear([this](const auto& add) { return listener_.blocking_wait(add); });
    }
    std::uint64_t heard() const { return heard_; }
    const ipc::Listener& listener() const { return listener_; }

 private:
    template <class Wait>
    bool hear(Wait&& wait) {
        const auto told = wait([this](ipc::EventActivation e) { heard_ += e.count(); });
        if (!told) throw std::runtime_error{"not heard: " + std::string{to_string(told.error())}};
        return *told != 0;
    }

    ipc::Listener listener_;
    std::uint64_t heard_ = 0;
};

}  // namespace bench
