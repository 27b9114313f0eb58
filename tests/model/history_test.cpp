// SPDX-License-Identifier: Apache-2.0

// The history, read while its sender goes on: no torn copy,
// nothing twice, and no gap between history and live.
#include "exploring.hpp"
#include "layout/connection.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "ring/history_reader.hpp"
#include "ring/history_writer.hpp"
#include "wrong_orders.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

constexpr std::size_t words = 2;
constexpr std::uint64_t chunk_size = words * sizeof(std::uint64_t);

// A data segment: a history of so many entries, and a chunk more than they hold, so that what the newest
// entry displaces is written again at once.
template <class Atomics>
struct Data {
    explicit Data(std::uint64_t history_size) : entries(history_size + 1) {}

    void begin() {
        writer.emplace(segment.data(), entries);
        unused = 0;
        last = 0;
    }
    void publish() {
        ++last;
        std::uint32_t const chunk = unused;
        for (std::size_t i = 0; i < words; ++i)
            Atomics::word(chunks.data(), chunk * chunk_size + i * 8).store(last, std::memory_order_relaxed);
        ipc::ring::ChunkId const displaced = writer->publish(last, {.offset = chunk}, chunk);
        unused = displaced == ipc::ring::no_chunk ? chunk + 1 : displaced;
    }

    std::uint64_t entries;
    alignas(128) std::array<std::byte, 256> segment{};
    alignas(128) std::array<std::byte, 256> chunks{};
    std::optional<ipc::ring::HistoryWriter<Atomics>> writer;
    std::uint32_t unused = 0;
    std::uint64_t last = 0;
};

template <class Atomics>
class Reading {
 public:
    Reading(model::Execution& run, Data<Atomics>& data) : run_(run), data_(data) {}

    std::uint64_t end() const { return reader_.end(); }
    void copy(std::uint64_t from, std::uint64_t to) {
        std::array<std::uint64_t, words> block{};
        bool const sound = reader_.copy_range(
            from, to, block.data(), words,
            [&](ipc::layout::Descriptor descriptor) {
                return data_.chunks.data() + descriptor.offset * chunk_size;
            },
            [&](std::uint64_t sequence) {
                run_.require(block[0] == sequence && block[1] == sequence, "a copy from history is whole");
                got(sequence);
            });
        run_.require(sound, "an honest sender is not cut");
    }
    void got(std::uint64_t sequence) {
        run_.require(sequence > last_, "nothing twice, oldest first");
        run_.require(last_ == 0 || sequence == last_ + 1 || may_miss_, "no gap");
        last_ = sequence;
    }
    void may_miss() { may_miss_ = true; }
    std::uint64_t last() const { return last_; }

 private:
    model::Execution& run_;
    Data<Atomics>& data_;
    ipc::ring::HistoryReader<Atomics> reader_{data_.segment.data(), data_.entries};
    std::uint64_t last_ = 0;
    bool may_miss_ = false;
};

template <class Atomics = model::ModelAtomics<>>
model::Exploration read_while_written(std::uint64_t history_size, std::uint64_t samples,
                                      const model::Bounds& bounds = {}) {
    Data<Atomics> data(history_size);
    return model::explore(
        [&](model::Execution& run) {
            data.begin();
            run.task(
                "writer",
                [&] {
                    for (std::uint64_t i = 0; i < samples; ++i) data.publish();
                },
                bounds.deaths != 0);
            run.task("reader", [&] {
                Reading<Atomics> reading(run, data);
                reading.may_miss();  // the writer goes round the ring meanwhile
                reading.copy(1, data.entries + 1);
            });
            run.at_end([&] {
                Reading<Atomics> reading(run, data);
                if (bounds.deaths != 0) return reading.copy(1, samples + 1);
                run.require(reading.end() == samples + 1, "the newest is there");
                reading.copy(samples + 1 - history_size, samples + 1);
                run.require(reading.last() == samples, "as many as promised are there");
            });
        },
        bounds);
}

}  // namespace

TEST_CASE("A copy from history is whole, or skipped") {
    require_kept(read_while_written(1, 4));
    require_kept(read_while_written(2, 5, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("A history whose sender dies in the middle can be read") {
    require_kept(read_while_written(1, 3, {.deaths = 1}));
}

TEST_CASE("Who joins gets history and live samples without a gap or a duplicate") {
    using Atomics = model::ModelAtomics<>;
    Data<Atomics> data(4);
    alignas(128) static std::array<std::byte, 2048> segment{};
    std::optional<ipc::ring::DeliverySender<Atomics>> sender;
    std::optional<ipc::ring::DeliveryReceiver<Atomics>> receiver;
    require_kept(model::explore([&](model::Execution& run) {
        auto const layout = ipc::layout::connection(4, 0, 64);
        data.begin();
        sender.emplace(segment.data(), layout);
        receiver.emplace(segment.data(), layout);
        std::size_t const sending = run.task("sender", [&] {
            data.publish();
            data.publish();
            sender->publish_first_live(data.last + 1);  // takes up the connection
            for (int i = 0; i < 2; ++i) {
                data.publish();
                sender->publish_in_slot(data.last, &data.last, 1);
            }
        });
        run.task("joiner", [&, sending] {
            Reading<Atomics> reading(run, data);
            std::uint64_t const until = reading.end();
            reading.copy(1, until);
            std::uint64_t first_live = receiver->first_live();
            if (first_live == 0) {
                run.block_until([&run, sending] { return run.over(sending); });
                first_live = receiver->first_live();
                if (first_live == 0) return;  // seen late
            }
            reading.copy(std::max<std::uint64_t>(until, 1), first_live);
            ipc::ring::Taken sample;
            std::uint64_t block = 0;
            while (receiver->try_take(sample, &block, 1) ==
                   ipc::ring::DeliveryReceiver<Atomics>::Outcome::taken)
                if (sample.sequence >= until) reading.got(sample.sequence);
        });
    }));
}

TEST_CASE("Found: a history writer without its fence") {
    require_broken(read_while_written<model::ModelAtomics<model::NoFences>>(1, 4));
}

TEST_CASE("Found: a history reader that acquires nothing") {
    require_broken(read_while_written<model::ModelAtomics<model::RelaxedLoads>>(1, 2));
}
