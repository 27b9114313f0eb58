// SPDX-License-Identifier: Apache-2.0
#include "port/history_intake.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

void HistoryIntake::begin(const SenderMemory& memory, const layout::Sample& sample, const Receiver& receiver,
                          std::uint64_t entries, std::uint64_t wanted) {
    queue_.clear();
    entries_ = wanted == 0 ? 0 : entries;
    next_ = 1;
    first_.reset();
    live_ = 0;
    joined_ = false;
    corrupted_ = false;
    if (entries_ == 0) return;
    std::uint64_t end = Reader{memory.first(), entries_}.end();
    // Acquire: pairs with the release of an entry that end() saw: then what the publisher said before is
    // seen.
    ring::StdAtomics::acquire_fence();
    // It may have taken up the connection already, and what comes through the ring is not history.
    if (is_live_known(receiver)) end = std::min(end, live_);
    if (end == 0) return;
    next_ = end - std::min(wanted, end - 1);
    while (next_ < end && !corrupted_) {
        corrupted_ = copy_next(memory, sample, receiver) == Reader::Outcome::corrupted;
        ++next_;
    }
}

// One entry, unless it comes through the ring as well. The publisher says where the ring begins before it
// publishes there or in the history: who has copied a number from the history sees it.
HistoryIntake::Reader::Outcome HistoryIntake::copy_next(const SenderMemory& memory,
                                                        const layout::Sample& sample,
                                                        const Receiver& receiver) {
    const Reader reader{memory.first(), entries_};
    if (!reader.has(next_)) return Reader::Outcome::gone;
    Block block = allocate_block(sample.size, sample.alignment);
    const auto outcome =
        reader.copy(next_, reinterpret_cast<std::uint64_t*>(block.get()), sample.size / sizeof(std::uint64_t),
                    [&](const layout::Descriptor& at) { return memory.resolve(at); });
    if (outcome != Reader::Outcome::copied) return outcome;
    if (is_live_known(receiver) && next_ >= live_) return Reader::Outcome::gone;
    if (!first_) first_ = next_;
    queue_.push_back({.sequence = next_, .block = std::move(block)});
    return outcome;
}

// A publisher says once where its ring begins. What it writes there later is not looked at: a number that
// grows would keep its reader here.
bool HistoryIntake::is_live_known(const Receiver& receiver) {
    if (live_ == 0) live_ = receiver.first_live();
    return live_ != 0;
}

// At most as many steps as there are entries, and one for the join; what is left is for the next call.
bool HistoryIntake::advance(const SenderMemory& memory, const layout::Sample& sample,
                            const Receiver& receiver) {
    for (std::uint64_t step = 0; step <= entries_ && !joined_ && !corrupted_; ++step) {
        const bool live_known = is_live_known(receiver);
        if (live_known) {
            // What the ring of entries cannot hold any more was replaced.
            if (live_ > entries_) next_ = std::max(next_, live_ - entries_);
            if (entries_ == 0 || next_ >= live_) {
                if (!first_) first_ = live_;
                joined_ = true;
                break;
            }
        } else if (entries_ == 0 || queue_.size() > entries_) {
            break;
        }
        switch (copy_next(memory, sample, receiver)) {
            case Reader::Outcome::copied:
                ++next_;
                break;
            case Reader::Outcome::gone:
                if (!live_known && !is_live_known(receiver)) return true;  // not sent yet
                if (live_known) ++next_;                                   // replaced: newer ones are there
                break;
            case Reader::Outcome::corrupted:
                corrupted_ = true;
                break;
        }
    }
    return !corrupted_;
}

HistoryIntake::Entry HistoryIntake::pop() {
    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    return entry;
}

}  // namespace ipc::port
