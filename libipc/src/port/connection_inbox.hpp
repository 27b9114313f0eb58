// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/uuid.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ipc::port {

// What the control thread has for a sending port, whose connections are private to the port's own thread:
// those that were made, and those that ended. The port looks at one flag per operation.
template <class Connection>
class ConnectionInbox {
 public:
    // The port's thread.
    bool has_changes() const { return changed_.load(std::memory_order_acquire); }  // pairs with post()
    // Calls added(connection) and ended(connection) in the order in which it happened.
    template <class Added, class Ended>
    void take(Added&& added, Ended&& ended) {
        std::vector<Change> changes;
        {
            const std::lock_guard lock{mutex_};
            changes.swap(changes_);
            changed_.store(false, std::memory_order_relaxed);
        }
        for (const Change& change : changes)
            if (change.added)
                added(change.connection);
            else
                ended(change.connection);
    }

    // The control thread.
    void add(std::shared_ptr<Connection> connection) {
        announced_.emplace(connection->id, connection);
        post({.connection = std::move(connection), .added = true});
    }
    // False: there is none like that. What the port has not taken up yet, it never hears of: so a port that
    // is idle keeps nothing of all those that come and go meanwhile.
    bool end(wire::Uuid connection) {
        auto found = announced_.extract(connection);
        if (found.empty()) return false;
        if (!withdraw(*found.mapped())) post({.connection = std::move(found.mapped()), .added = false});
        return true;
    }
    template <class Function>
    void for_each(Function&& function) const {
        for (const auto& [id, connection] : announced_) function(*connection);
    }
    Connection* find(wire::Uuid connection) const {
        const auto found = announced_.find(connection);
        return found == announced_.end() ? nullptr : found->second.get();
    }

 private:
    struct Change {
        std::shared_ptr<Connection> connection;
        bool added = false;
    };
    void post(Change change) {
        const std::lock_guard lock{mutex_};
        changes_.push_back(std::move(change));
        changed_.store(true, std::memory_order_release);  // pairs with has_changes()
    }

    bool withdraw(const Connection& connection) {
        const std::lock_guard lock{mutex_};
        return std::erase_if(changes_, [&](const Change& change) {
                   return change.added && change.connection.get() == &connection;
               }) != 0;
    }

    std::atomic<bool> changed_{false};
    std::mutex mutex_;
    std::vector<Change> changes_;
    std::map<wire::Uuid, std::shared_ptr<Connection>> announced_;  // the control thread's view
};

}  // namespace ipc::port
