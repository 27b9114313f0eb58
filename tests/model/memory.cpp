// SPDX-License-Identifier: Apache-2.0
#include "execution.hpp"

#include <stdexcept>

namespace model {

Location Execution::location_at(const std::byte* address) {
    auto& addresses = workspace_.addresses;
    auto [found, is_new] = addresses.try_emplace(address, max_locations - 1 - addresses.size());
    if (own_locations_ + addresses.size() > max_locations)
        throw std::logic_error("more locations than a view has room for");
    return found->second;
}

Location Execution::new_location(std::uint64_t value) {
    cell(own_locations_).messages.front().value = value;
    return own_locations_++;
}

void Execution::append(Location location, std::uint64_t value, const View& view) {
    Cell& target = cell(location);
    memory_hash_ += mix(mix(mix(location, target.messages.size()), value), view);
    target.messages.push_back({value, view});
    if (target.messages.size() > 250) throw std::logic_error("more stores than a view can count");
}

std::uint64_t Execution::load(Location location, std::memory_order order) {
    step();
    Task& task = self();
    std::vector<Message>& messages = cell(location).messages;
    std::size_t const last = messages.size() - 1;
    std::size_t const options = running_ && left_.stale_reads != 0 ? last - task.view.of(location) + 1 : 1;
    std::size_t const back = options > 1 ? guide_.choose(options) : 0;
    if (back != 0) spend(left_.stale_reads);
    Message const& message = messages[last - back];
    task.view.of(location) = static_cast<Time>(last - back);
    (acquires(order) ? task.view : task.to_acquire).join(message.view);
    learn(mix(message.value, last - back));
    note(back == 0 ? "loads" : "loads stale", location, message.value);
    return message.value;
}

void Execution::store(Location location, std::uint64_t value, std::memory_order order) {
    step();
    Task& task = self();
    task.view.of(location) = static_cast<Time>(cell(location).messages.size());
    View view = releases(order) ? task.view : task.released;
    view.of(location) = task.view.of(location);
    learn(task.view.of(location));
    append(location, value, view);
    note(releases(order) ? "stores (release)" : "stores", location, value);
}

void Execution::acquire_fence() {
    self().view.join(self().to_acquire);
    note("acquire fence", no_location, 0);
}

void Execution::release_fence() {
    self().released = self().view;
    note("release fence", no_location, 0);
}

void Execution::full_fence() {
    step();
    Task& task = self();
    task.view.join(task.to_acquire);
    task.view.join(sequential_);
    sequential_ = task.view;
    task.released = task.view;
    learn(mix(0, task.view));
    note("full fence", no_location, 0);
}

// membarrier: every task passes a full fence, now.
void Execution::heavy_fence() {
    step();
    View all = sequential_;
    for (const Task& task : tasks_) {
        all.join(task.view);
        all.join(task.to_acquire);
    }
    sequential_ = all;
    for (Task& task : tasks_) {
        if (!(task.view == all && task.released == all)) task.history = mix(task.history, all);
        task.view = task.released = all;
    }
    note("heavy fence", no_location, 0);
}

std::uint64_t Execution::plain_read(Location location) {
    step();
    Task& task = self();
    Cell& target = cell(location);
    require(task.view.of(location) == target.messages.size() - 1, "plain read: races with a write");
    target.reads.of_task(current_) = ++task.view.of_task(current_);
    memory_hash_ += mix(mix(location, current_), task.view.of_task(current_));
    learn(target.messages.back().value);
    note("reads", location, target.messages.back().value);
    return target.messages.back().value;
}

void Execution::plain_write(Location location, std::uint64_t value) {
    step();
    Task& task = self();
    Cell& target = cell(location);
    require(task.view.of(location) == target.messages.size() - 1, "plain write: races with a write");
    for (std::size_t i = 0; i < tasks_.size(); ++i)
        require(task.view.of_task(i) >= target.reads.of_task(i), "plain write: races with a read");
    task.view.of(location) = static_cast<Time>(target.messages.size());
    append(location, value, View{});
    learn(task.view.of(location));
    note("writes", location, value);
}

}  // namespace model
