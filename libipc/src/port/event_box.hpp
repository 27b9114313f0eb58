// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <optional>

namespace ipc::port {

// What no connection of a listener has any more, or never had: what notifiers left unheard when they went,
// and the events of their coming and going. Used by several threads at once; whoever polls looks at one word.
class EventBox {
 public:
    struct Entry {
        std::uint64_t id = 0;
        std::uint64_t count = 0;
    };

    bool has_something() const { return filled_.load(std::memory_order_acquire); }  // pairs with add()

    // A count is a notifier's word for it. As many as can be counted, and no more: the sum of what several
    // say must not come out small.
    void add(Entry entry) {
        const std::lock_guard lock{mutex_};
        std::uint64_t& count = counts_[entry.id];
        count += std::min(entry.count, std::numeric_limits<std::uint64_t>::max() - count);
        filled_.store(true, std::memory_order_release);
    }

    // One id's, `most` of them at most.
    std::optional<Entry> take(std::uint64_t most) {
        if (!has_something()) return std::nullopt;
        const std::lock_guard lock{mutex_};
        const auto first = counts_.begin();
        if (first == counts_.end()) return std::nullopt;
        const Entry entry{.id = first->first, .count = first->second < most ? first->second : most};
        first->second -= entry.count;
        if (first->second == 0) counts_.erase(first);
        if (counts_.empty()) filled_.store(false, std::memory_order_relaxed);
        return entry;
    }

 private:
    std::atomic<bool> filled_{false};
    std::mutex mutex_;
    std::map<std::uint64_t, std::uint64_t> counts_;  // no more than there are ids
};

}  // namespace ipc::port
