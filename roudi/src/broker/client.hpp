// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/identity.hpp"
#include "registry/ledger.hpp"
#include "shm/unique_fd.hpp"
#include "wire/messages.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace roudi {

struct Node;

// What the broker knows of a session's other end.
class Client {
 public:
    Client(const Identity& who, std::shared_ptr<Account> charged_account)
        : identity{who}, account{std::move(charged_account)} {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    // Never blocks, never fails, and never calls the broker back: a client that cannot be reached is ended
    // later, from the event loop.
    virtual void send(const wire::BrokerMessage& message, std::uint64_t request,
                      std::vector<shm::UniqueFd> descriptors) = 0;
    void announce(const wire::BrokerMessage& message, std::vector<shm::UniqueFd> descriptors = {}) {
        send(message, 0, std::move(descriptors));
    }
    virtual const shm::UniqueFd& pidfd() const = 0;
    // What the kernel says just now: the loop may hear of the death later.
    bool is_alive() const;
    // Since when something lies here for it, and it takes none of that; nothing where nothing lies here.
    virtual std::optional<std::chrono::steady_clock::time_point> unread_since() = 0;

    const Identity identity;
    const std::shared_ptr<Account> account;
    Node* node = nullptr;  // once it said hello
    bool said_goodbye = false;
};

}  // namespace roudi
