// SPDX-License-Identifier: Apache-2.0
#include "kept_histories.hpp"

#include <algorithm>
#include <utility>

namespace ipc::control {

void KeptHistories::keep(const std::string& service, wire::Uuid publisher, std::uint64_t size,
                         shm::UniqueFd data) {
    const std::lock_guard lock{mutex_};
    const bool known = std::any_of(entries_.begin(), entries_.end(),
                                   [&](const Entry& entry) { return entry.publisher == publisher; });
    if (!known)
        entries_.push_back(
            {.service = service, .publisher = publisher, .size = size, .data = std::move(data)});
}

void KeptHistories::drop(wire::Uuid publisher) {
    const std::lock_guard lock{mutex_};
    std::erase_if(entries_, [&](const Entry& entry) { return entry.publisher == publisher; });
}

std::optional<std::vector<KeptHistory>> KeptHistories::of(const std::string& service) const {
    return copies(&service);
}

std::optional<std::vector<KeptHistory>> KeptHistories::all() const {
    return copies(nullptr);
}

std::optional<std::vector<KeptHistory>> KeptHistories::copies(const std::string* service) const {
    const std::lock_guard lock{mutex_};
    std::vector<KeptHistory> kept;
    for (const Entry& entry : entries_) {
        if (service != nullptr && entry.service != *service) continue;
        auto copy = entry.data.duplicate();
        if (!copy) return std::nullopt;
        kept.push_back({.publisher = entry.publisher, .size = entry.size, .data = std::move(copy)});
    }
    return kept;
}

void KeptHistories::close_descriptors() {
    for (Entry& entry : entries_) entry.data.reset();
}

}  // namespace ipc::control
