// SPDX-License-Identifier: Apache-2.0
#include "service_numbers.hpp"

namespace ipc::control {

std::uint64_t ServiceNumbers::add(std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    handles_[++last_key_] = {.recorded = number, .number = number};
    return last_key_;
}

std::variant<std::uint64_t, wire::Refused> ServiceNumbers::number_of(std::uint64_t key) const {
    const std::lock_guard lock{mutex_};
    const auto found = handles_.find(key);
    if (found == handles_.end())
        return wire::Refused{.code = wire::Refusal::DoesNotExist, .message = "the service is not open here"};
    if (found->second.refusal) return *found->second.refusal;
    return found->second.number;
}

std::optional<std::uint64_t> ServiceNumbers::remove(std::uint64_t key, bool comes_back) {
    const std::lock_guard lock{mutex_};
    const auto found = handles_.find(key);
    if (found == handles_.end()) return std::nullopt;
    if (comes_back && !found->second.refusal) {
        found->second.closed = true;
        return std::nullopt;
    }
    const Handle handle = found->second;
    handles_.erase(found);
    if (handle.refusal) return std::nullopt;
    return handle.number;
}

std::map<std::uint64_t, std::uint64_t> ServiceNumbers::to_present() {
    const std::lock_guard lock{mutex_};
    std::erase_if(handles_, [](const auto& entry) { return entry.second.closed; });
    std::map<std::uint64_t, std::uint64_t> handles;
    for (const auto& [key, handle] : handles_)
        if (!handle.refusal) ++handles[handle.recorded];
    return handles;
}

void ServiceNumbers::readopted(std::uint64_t recorded, std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    for (auto& [key, handle] : handles_)
        if (handle.recorded == recorded && !handle.refusal) handle.number = number;
}

void ServiceNumbers::not_readopted(std::uint64_t recorded, const wire::Refused& why) {
    const std::lock_guard lock{mutex_};
    for (auto& [key, handle] : handles_)
        if (handle.recorded == recorded && !handle.refusal) handle.refusal = why;
}

std::vector<std::uint64_t> ServiceNumbers::settle() {
    const std::lock_guard lock{mutex_};
    std::vector<std::uint64_t> closed;
    for (auto& [key, handle] : handles_) {
        if (handle.refusal) continue;
        handle.recorded = handle.number;
        if (handle.closed) closed.push_back(handle.number);
    }
    std::erase_if(handles_, [](const auto& entry) { return entry.second.closed; });
    return closed;
}

}  // namespace ipc::control
