// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "execution.hpp"
#include "layout/connection.hpp"
#include "model_atomics.hpp"
#include "ring/chunk_books.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace model {

struct DeliverySettings {
    std::uint64_t buffer = 2;
    std::uint64_t borrowed = 1;
    std::uint64_t samples = 3;
    std::size_t takers = 1;
    std::size_t takes = 2;  // of each taker
    bool mortal_sender = false;
    bool mortal_takers = false;
    bool borrow_back_before_flag = false;  // wrong, on purpose
};

// One sender that overflows, the threads of one subscriber, and around them what no step may break. Payloads
// are plain memory: whoever reads a chunk that somebody writes is caught by the race check.
template <class Atomics = ModelAtomics<>>
class DeliveryWorld {
    using Sender = ipc::ring::DeliverySender<Atomics>;
    using Receiver = ipc::ring::DeliveryReceiver<Atomics>;
    static constexpr std::size_t most = 16;

 public:
    explicit DeliveryWorld(const DeliverySettings& settings)
        : settings_(settings), connection_(ipc::layout::connection(settings.buffer, settings.borrowed, 64)) {}

    const ipc::layout::Connection& connection() const { return connection_; }
    // What the sender waits for in a ticket's flag.
    std::uint64_t expected_flag(std::uint64_t ticket) const { return expected_flag_[ticket]; }

    void operator()(Execution& run) {
        run_ = &run;
        sender_.emplace(segment_.data(), connection_);
        receiver_.emplace(segment_.data(), connection_);
        std::uint64_t const page = 4096;  // each chunk is to be paid for, so the flags are looked at first
        books_.emplace(0, page, static_cast<std::uint32_t>(connection_.ticket_count + 1), page, 0);
        borrows_.emplace(0);
        fate_ = {};
        chunk_at_ = {};
        sequence_at_ = {};
        readers_ = {};
        expected_flag_ = {};
        run.watch(fate_.data(), fate_.size());
        run.watch(readers_.data(), readers_.size());
        sending_ = run.task(
            "sender", [this] { send_all(); }, settings_.mortal_sender);
        for (std::size_t i = 0; i < settings_.takers; ++i)
            run.task(
                "taker", [this] { take_some(); }, settings_.mortal_takers);
        run.at_end([this] { settle(); });
    }

 private:
    enum Fate : std::uint64_t { waiting = 0, taken = 1, evicted = 2, held_back = 3 };

    void release_chunk(ipc::ring::ChunkId chunk) {
        run_->require(!books_->is_free(chunk), "a chunk comes back once");
        run_->require(readers_[chunk] == 0, "no chunk comes back under a reader");
        books_->release_reference(chunk);
    }
    auto give_back() {
        return [this](ipc::ring::ChunkId chunk) { release_chunk(chunk); };
    }
    // As if it were a slice.
    static std::uint64_t elements_of(std::uint64_t sequence) { return sequence + 1000; }
    Location payload(std::uint64_t chunk) { return run_->location_at(chunks_.data() + chunk); }

    void send_all() {
        for (std::uint64_t sequence = 1; sequence <= settings_.samples; ++sequence) {
            auto chunk = books_->acquire();
            if (!chunk) {
                run_->require(sender_->collect(give_back()), "an honest receiver is not cut");
                chunk = books_->acquire();
            }
            if (!chunk) chunk = books_->acquire_fresh();
            run_->require(chunk.has_value(), "chunks suffice");
            run_->plain_write(payload(*chunk), sequence);
            if (make_room()) {
                run_->require(sender_->ticket_ready(give_back()), "tickets suffice");
                books_->add_references(*chunk, 1);
                std::uint64_t const position = sender_->written();
                chunk_at_[position] = *chunk;
                sequence_at_[position] = sequence;
                sender_->announce_elements(elements_of(sequence));
                sender_->publish_by_reference(sequence, 0, *chunk, *chunk);
            }
            release_chunk(*chunk);
        }
    }

    bool make_room() {
        auto const room = sender_->room();
        run_->require(room != Sender::Room::corrupted, "an honest receiver is not cut");
        if (room == Sender::Room::available) return true;
        auto const result = sender_->evict_oldest();
        run_->require(result.outcome != Sender::Eviction::corrupted, "an honest receiver is not cut");
        if (result.outcome == Sender::Eviction::evicted) {
            std::uint64_t const position = sender_->written() - settings_.buffer;
            run_->require(fate_[position]++ == waiting, "a sample is evicted or taken, once");
            fate_[position] = evicted;
            run_->require(result.chunk == chunk_at_[position], "the oldest comes back");
            release_chunk(result.chunk);
        }
        return result.outcome != Sender::Eviction::held;
    }

    void take_some() {
        std::uint64_t last = 0;
        for (std::size_t i = 0; i < settings_.takes; ++i) take(last);
    }

    typename Receiver::Outcome take(std::uint64_t& last) {
        // Acquire and release: the port's part of the argument why tickets suffice. Who gets a borrow that
        // another thread gave back also has that thread's flag behind him.
        if (borrows_->fetch_add(1, std::memory_order_acquire) >= settings_.borrowed) {
            borrows_->fetch_sub(1, std::memory_order_release);
            return Receiver::Outcome::busy;
        }
        ipc::ring::Taken sample;
        auto const outcome = receiver_->try_take(sample, nullptr, 0);
        run_->require(outcome != Receiver::Outcome::corrupted, "an honest sender is not cut");
        if (outcome == Receiver::Outcome::taken)
            use(sample, last);
        else
            borrows_->fetch_sub(1, std::memory_order_release);
        return outcome;
    }

    void use(const ipc::ring::Taken& sample, std::uint64_t& last) {
        std::uint64_t const position = sample.position;
        std::uint64_t const chunk = sample.descriptor.offset;
        run_->require(fate_[position] == waiting, "a sample is evicted or taken, once");
        fate_[position] = taken;
        run_->require(sample.sequence == sequence_at_[position] && chunk == chunk_at_[position] &&
                          sample.elements == elements_of(sample.sequence),
                      "the copy of a slot is whole");
        run_->require(sample.sequence > last, "samples come in order");
        last = sample.sequence;
        expected_flag_[sample.descriptor.ticket] = position + 1;
        ++readers_[chunk];
        run_->require(run_->plain_read(payload(chunk)) == sample.sequence, "the payload is the sample's");
        --readers_[chunk];
        if (settings_.borrow_back_before_flag) borrows_->fetch_sub(1, std::memory_order_release);
        receiver_->release(position, sample.descriptor.ticket);
        if (!settings_.borrow_back_before_flag) borrows_->fetch_sub(1, std::memory_order_release);
    }

    // When nobody can move any more: what is left can be taken, whoever died; nothing is lost that was
    // neither evicted nor held back; and the sender's books close.
    void settle() {
        bool const receiver_lives = borrows_->load(std::memory_order_relaxed) == 0;
        std::uint64_t last = 0;
        if (receiver_lives)
            while (take(last) == Receiver::Outcome::taken) {
            }
        if (run_->died(sending_)) return;
        if (receiver_lives)
            for (std::uint64_t position = 0; position < sender_->written(); ++position)
                run_->require(fate_[position] == taken || fate_[position] == evicted, "nothing is lost");
        readers_ = {};  // the dead hold nothing
        sender_->take_back_all(give_back());
        run_->require(books_->in_use() == 0, "every chunk comes back");
    }

    DeliverySettings settings_;
    ipc::layout::Connection connection_;
    alignas(128) std::array<std::byte, 2048> segment_{};  // addresses only: the model keeps the contents
    std::array<std::byte, most> chunks_{};
    Execution* run_ = nullptr;
    std::size_t sending_ = 0;
    std::optional<Sender> sender_;
    std::optional<Receiver> receiver_;
    std::optional<ipc::ring::ChunkBooks> books_;
    std::optional<typename Atomics::template Atomic<std::uint64_t>> borrows_;
    std::array<std::uint64_t, most> fate_{};  // of each position
    std::array<std::uint64_t, most> chunk_at_{};
    std::array<std::uint64_t, most> sequence_at_{};
    std::array<std::uint64_t, most> readers_{};
    std::array<std::uint64_t, most> expected_flag_{};
};

}  // namespace model
