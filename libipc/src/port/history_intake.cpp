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
    Entry entry{.sequence = next_};
    const auto outcome = reader.copy_with(
        next_, [&](const layout::Descriptor& at) { return fetch(memory, sample, at, entry); });
    if (outcome != Reader::Outcome::copied) return outcome;
    if (entry.block == nullptr) return Reader::Outcome::gone;  // it was too late for that segment
    if (is_live_known(receiver) && next_ >= live_) return Reader::Outcome::gone;
    if (!first_) first_ = next_;
    queue_.push_back(std::move(entry));
    return outcome;
}

// How long a slice is, is the publisher's word: looked at once, and no longer than his memory. (The copy has
// another one in its place, which nobody looks at.)
bool HistoryIntake::fetch(const SenderMemory& memory, const layout::Sample& sample,
                          const layout::Descriptor& descriptor, Entry& entry) {
    if (descriptor.segment == 0)
        return copy_block(sample, {memory.resolve(descriptor), memory.bytes_from(descriptor)}, entry);
    if (!sample.is_slice || descriptor.segment > layout::max_further_segments) return false;
    // A sender waits until a further segment is mapped everywhere before it sends in it, but not for ever.
    // What this subscriber was too slow for, it gets as little as what comes through the ring.
    const FurtherMemory::Held held = memory.hold(descriptor);
    if (held.block == nullptr) return true;
    const bool copied = copy_block(sample, held, entry);
    memory.further().let_go(descriptor.segment);
    return copied;
}

bool HistoryIntake::copy_block(const layout::Sample& sample, const FurtherMemory::Held& held, Entry& entry) {
    const std::byte* const source = held.block;
    if (source == nullptr) return false;
    std::uint64_t size = sample.size;
    if (sample.is_slice) {
        entry.elements =
            ring::StdAtomics::word(source, sample.elements_offset).load(std::memory_order_relaxed);
        if (!sample.fits(entry.elements, held.bytes)) return false;
        size = sample.size_of(entry.elements);
    }
    entry.block = allocate_block(size, sample.alignment);
    if (entry.block == nullptr) return false;
    Reader::copy_words(source, reinterpret_cast<std::uint64_t*>(entry.block.get()),
                       static_cast<std::size_t>(size / sizeof(std::uint64_t)));
    return true;
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
