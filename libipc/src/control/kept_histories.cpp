// SPDX-License-Identifier: Apache-2.0
#include "kept_histories.hpp"

#include <algorithm>
#include <utility>

namespace ipc::control {

void KeptHistories::keep(const std::string& service, KeptHistory history) {
    const std::lock_guard lock{mutex_};
    const bool known = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.history.publisher == history.publisher;
    });
    if (!known) entries_.push_back({.service = service, .history = std::move(history)});
}

void KeptHistories::drop(wire::Uuid publisher) {
    const std::lock_guard lock{mutex_};
    std::erase_if(entries_, [&](const Entry& entry) { return entry.history.publisher == publisher; });
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
        auto copy = copy_of(entry.history);
        if (!copy) return std::nullopt;
        kept.push_back(std::move(*copy));
    }
    return kept;
}

std::optional<KeptHistory> KeptHistories::copy_of(const KeptHistory& history) {
    KeptHistory copy{.publisher = history.publisher,
                     .size = history.size,
                     .data = history.data.duplicate(),
                     .further = {}};
    if (!copy.data) return std::nullopt;
    for (const FurtherSegment& segment : history.further) {
        auto file = segment.file.descriptor().duplicate();
        if (!file) return std::nullopt;
        copy.further.push_back({segment.details, shm::MemoryFile{std::move(file)}});
    }
    return copy;
}

void KeptHistories::close_descriptors() {
    const std::unique_lock whole{mutex_, std::try_to_lock};
    if (!whole) return;
    for (Entry& entry : entries_) {
        entry.history.data.reset();
        entry.history.further.clear();
    }
}

}  // namespace ipc::control
