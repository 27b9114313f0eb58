// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/messages.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

namespace ipc::control {

// A node's handles to services, each with a key that lasts as long as the handle; and the number that the
// service has with the broker, which another broker may change.
class ServiceNumbers {
 public:
    // Of a service that was opened.
    std::uint64_t add(std::uint64_t number);
    // Its number, or why it has none.
    std::variant<std::uint64_t, wire::Refused> number_of(std::uint64_t key) const;
    // The handle is gone. Its number, where the broker is to hear of it now; while a node comes back it does
    // so later.
    std::optional<std::uint64_t> remove(std::uint64_t key, bool comes_back);

    // What the node's record calls them, and how many handles each has. New numbers follow.
    std::map<std::uint64_t, std::uint64_t> to_present();
    void readopted(std::uint64_t recorded, std::uint64_t number);
    void not_readopted(std::uint64_t recorded, const wire::Refused& why);
    // The node is back, and its record has the new numbers. Those to close.
    std::vector<std::uint64_t> settle();

 private:
    struct Handle {
        std::uint64_t recorded = 0;
        std::uint64_t number = 0;
        bool closed = false;
        std::optional<wire::Refused> refusal;
    };

    mutable std::mutex mutex_;
    std::uint64_t last_key_ = 0;
    std::unordered_map<std::uint64_t, Handle> handles_;
};

}  // namespace ipc::control
