// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/descriptor.hpp"
#include "layout/sample.hpp"
#include "port/cell.hpp"
#include "port/sender_memory.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/history_reader.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace ipc::port {

// What a subscriber gets of a publisher's past: copies of what it asked for, and of what was sent before the
// publisher took up the connection. Ends where the ring begins: nothing twice, nothing missing in between.
// Used under its place's lock.
class HistoryIntake {
 public:
    using Receiver = ring::DeliveryReceiver<ring::StdAtomics>;
    struct Entry {
        std::uint64_t sequence = 0;
        std::uint64_t elements = 1;
        Block block;
    };

    // `entries` of the history ring (0: there is none), `wanted` of what is in there now.
    void begin(const SenderMemory& memory, const layout::Sample& sample, const Receiver& receiver,
               std::uint64_t entries, std::uint64_t wanted);
    // Copies what became known. False: the publisher's memory is corrupted.
    [[nodiscard]] bool advance(const SenderMemory& memory, const layout::Sample& sample,
                               const Receiver& receiver);
    // Of a publisher that is gone without having said where its ring begins: nothing else will come.
    void end() { joined_ = true; }

    // From now on everything comes through the ring.
    bool joined() const { return joined_; }
    bool empty() const { return queue_.empty(); }
    Entry pop();
    // The first number that this connection promises, once it is known.
    std::optional<std::uint64_t> first() const { return first_; }

 private:
    using Reader = ring::HistoryReader<ring::StdAtomics>;
    ring::HistoryReader<ring::StdAtomics>::Outcome copy_next(const SenderMemory& memory,
                                                             const layout::Sample& sample,
                                                             const Receiver& receiver);

    static bool fetch(const SenderMemory& memory, const layout::Sample& sample,
                      const layout::Descriptor& descriptor, Entry& entry);
    static bool copy_block(const layout::Sample& sample, const FurtherMemory::Held& held, Entry& entry);
    bool is_live_known(const Receiver& receiver);

    std::deque<Entry> queue_;
    std::uint64_t entries_ = 0;
    std::uint64_t next_ = 1;  // to be read
    std::uint64_t live_ = 0;  // where the ring begins, once the publisher has said so
    std::optional<std::uint64_t> first_;
    bool joined_ = false;
    bool corrupted_ = false;
};

}  // namespace ipc::port
