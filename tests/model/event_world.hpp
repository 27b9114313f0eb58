// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "execution.hpp"
#include "layout/event_connection.hpp"
#include "model_atomics.hpp"
#include "ring/event_receiver.hpp"
#include "ring/event_sender.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace model {

struct EventSettings {
    std::uint64_t max_id = 3;
    unsigned group_shift = 1;
    std::vector<std::uint64_t> notifications;  // of which ids
    std::size_t listeners = 1;
    std::size_t looks = 2;  // of each listener
    bool one_by_one = false;
    bool ask_first = false;  // and look only if there is something
    bool mortal_notifier = false;
    bool mortal_listeners = false;
};

// One notifier, the threads of one listener, and around them what no step may break. Before each notification
// plain memory is written, and who was told n times of an id reads what was written before the nth: a race is
// a notification that came without it.
template <class Atomics = ModelAtomics<>>
class EventWorld {
    using Sender = ipc::ring::EventSender<Atomics>;
    using Receiver = ipc::ring::EventReceiver<Atomics>;
    using Outcome = typename Receiver::Outcome;
    static constexpr std::size_t most = 8;
    using Counts = std::array<std::uint64_t, most>;  // of each id

 public:
    explicit EventWorld(EventSettings settings)
        : settings_(std::move(settings)),
          connection_(ipc::layout::event_connection(settings_.max_id, settings_.group_shift)) {}

    const ipc::layout::EventConnection& connection() const { return connection_; }
    const std::byte* segment() const { return segment_.data(); }

    void operator()(Execution& run) {
        run_ = &run;
        sender_.emplace(segment_.data(), connection_);
        receiver_.emplace(segment_.data(), connection_);
        begun_ = over_ = told_ = {};
        for (auto* watched : {&begun_, &over_, &told_}) run.watch(watched->data(), watched->size());
        std::size_t const notifying = run.task(
            "notifier", [this] { notify_all(); }, settings_.mortal_notifier);
        std::vector<std::size_t> listening;
        for (std::size_t i = 0; i < settings_.listeners; ++i)
            listening.push_back(run.task(
                "listener", [this] { listen(); }, settings_.mortal_listeners));
        run.at_end([this, notifying, listening] {
            bool somebody_died = false;
            for (std::size_t task : listening) somebody_died = somebody_died || run_->died(task);
            settle(run_->died(notifying), somebody_died);
        });
    }

 private:
    Location written_before(std::uint64_t id, std::uint64_t occurrence) {
        return run_->location_at(payload_.data() + id * most + occurrence);
    }

    void notify_all() {
        for (std::uint64_t const id : settings_.notifications) {
            run_->plain_write(written_before(id, ++begun_[id]), 1);
            sender_->notify(id);
            ++over_[id];
        }
    }

    void listen() {
        Counts mine{};
        for (std::size_t i = 0; i < settings_.looks; ++i) static_cast<void>(look(mine));
    }

    Outcome look(Counts& mine) {
        if (settings_.ask_first && !receiver_->has_unclaimed()) return Outcome::nothing;
        auto const sink = [&](std::uint64_t id, std::uint64_t count) {
            told_[id] += count;
            run_->require(told_[id] <= begun_[id], "nothing is told that did not happen");
            mine[id] += count;
            run_->require(run_->plain_read(written_before(id, mine[id])) == 1,
                          "what was before is seen after");
        };
        auto const outcome = settings_.one_by_one ? receiver_->collect_one(sink) : receiver_->collect(sink);
        run_->require(outcome != Outcome::corrupted, "an honest notifier is not cut");
        return outcome;
    }

    // When nobody can move any more: what is left can be collected, whoever died, and was told once.
    void settle(bool notifier_died, bool listener_died) {
        Counts mine{};
        std::size_t looks = 0;
        while (look(mine) == Outcome::some) run_->require(++looks <= most, "looking comes to an end");
        run_->require(!receiver_->has_data(), "who found nothing has looked at everything");
        for (std::uint64_t id = 0; id <= settings_.max_id && !listener_died; ++id) {
            run_->require(told_[id] >= over_[id], "nothing is lost");
            run_->require(notifier_died || told_[id] == begun_[id], "everything is told once");
        }
    }

    EventSettings settings_;
    ipc::layout::EventConnection connection_;
    alignas(128) std::array<std::byte, 1024> segment_{};  // addresses only: the model keeps the contents
    std::array<std::byte, most * most> payload_{};
    Execution* run_ = nullptr;
    std::optional<Sender> sender_;
    std::optional<Receiver> receiver_;
    Counts begun_{};
    Counts over_{};
    Counts told_{};
};

}  // namespace model
