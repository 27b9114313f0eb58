// SPDX-License-Identifier: Apache-2.0

// One stream of responses after another through one lane, under every interleaving within the bounds: what a
// client takes is of its request, an end is seen after everything before it, what nobody waits for comes
// back, once, and whoever dies leaves nothing in the other's way.
#include "exploring.hpp"
#include "layout/connection.hpp"
#include "model_atomics.hpp"
#include "ring/chunk_books.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

struct StreamSettings {
    bool overflow = false;
    std::uint64_t streams = 2;
    std::uint64_t responses = 2;  // in each stream
    std::size_t takes = 1;        // of each stream, before it is given up
    bool mortal = false;
    bool position_first = false;  // wrong, on purpose: where the stream ended, then whether
    bool leaves_old = false;      // wrong, on purpose: what an older stream left stands in the way
};

template <class Atomics = model::ModelAtomics<>>
class Streams {
    using Sender = ipc::ring::DeliverySender<Atomics>;
    using Receiver = ipc::ring::DeliveryReceiver<Atomics>;
    static constexpr std::uint64_t buffer = 2;
    static constexpr std::size_t most = 16;

 public:
    explicit Streams(const StreamSettings& settings) : settings_(settings) {}

    void operator()(model::Execution& run) {
        run_ = &run;
        sender_.emplace(segment_.data(), connection_);
        receiver_.emplace(segment_.data(), connection_);
        books_.emplace(0, 4096, static_cast<std::uint32_t>(connection_.ticket_count + 1), 4096, 0);
        asked_.emplace(0);
        asked_newest_ = 0;
        sent_ = received_ = gone_ = {};
        run.watch(&asked_newest_, 1);
        run.watch(sent_.data(), sent_.size());
        run.watch(received_.data(), received_.size());
        run.watch(gone_.data(), gone_.size());
        serving_ = run.task(
            "server", [this] { serve(); }, settings_.mortal);
        asking_ = run.task(
            "client", [this] { ask(); }, settings_.mortal);
        run.at_end([this] { settle(); });
    }

 private:
    model::Location payload(std::uint64_t chunk) { return run_->location_at(chunks_.data() + chunk); }
    auto give_back() {
        return [this](ipc::ring::ChunkId chunk) {
            run_->require(!books_->is_free(chunk), "a chunk comes back once");
            (void)books_->release_reference(chunk);
        };
    }

    void serve() {
        for (std::uint64_t stream = 1; stream <= settings_.streams; ++stream) {
            run_->block_until([this, stream] { return asked_newest_ >= stream; });
            // Requests come by a ring of their own; a newer one means that this one was given up.
            while (asked_->load(std::memory_order_acquire) < stream)
                run_->block_until([this, stream] { return asked_newest_ >= stream; });
            start_ = sender_->written();
            for (std::uint64_t i = 0; i < settings_.responses; ++i) respond(stream);
            if (sender_->receiver_closed(stream))
                withdraw();
            else
                sender_->end_stream(stream);
        }
    }

    void respond(std::uint64_t stream) {
        auto chunk = books_->acquire();
        if (!chunk) {
            run_->require(sender_->collect(give_back()), "an honest client is not cut");
            chunk = books_->acquire();
        }
        if (!chunk) chunk = books_->acquire_fresh();
        run_->require(chunk.has_value(), "chunks suffice");
        run_->plain_write(payload(*chunk), stream);
        if (make_room(stream)) {
            run_->require(sender_->ticket_ready(give_back()), "tickets suffice");
            books_->add_references(*chunk, 1);
            ++sent_[stream];
            stream_at_[sender_->written()] = stream;
            sender_->publish_by_reference(stream, 0, *chunk, *chunk);
        }
        give_back()(*chunk);
        if (sender_->receiver_closed(stream)) withdraw();
    }

    bool make_room(std::uint64_t stream) {
        auto room = sender_->room();
        if (room == Sender::Room::full && !settings_.leaves_old) {
            run_->require(sender_->withdraw(start_, give_back()), "an honest client is not cut");
            room = sender_->room();
        }
        run_->require(room != Sender::Room::corrupted, "an honest client is not cut");
        if (room == Sender::Room::available) return true;
        if (!settings_.overflow) {
            for (std::uint64_t i = 1; i <= buffer; ++i)
                run_->require(stream_at_[sender_->written() - i] == stream,
                              "only its own responses make a stream wait");
            return false;
        }
        auto const oldest = sender_->evict_oldest();
        run_->require(oldest.outcome != Sender::Eviction::corrupted, "an honest client is not cut");
        if (oldest.outcome == Sender::Eviction::evicted) {
            ++gone_[stream];
            give_back()(oldest.chunk);
        }
        return oldest.outcome != Sender::Eviction::held;
    }

    void withdraw() {
        run_->require(sender_->withdraw(sender_->written(), give_back()), "an honest client is not cut");
    }

    void ask() {
        for (std::uint64_t stream = 1; stream <= settings_.streams; ++stream) {
            asked_->store(stream, std::memory_order_release);
            asked_newest_ = stream;
            for (std::size_t i = 0; i < settings_.takes; ++i) {
                bool const ended = has_ended(stream);
                if (ended) {
                    run_->require(received_[stream] + gone_[stream] == sent_[stream],
                                  "an end is seen after everything before it");
                    break;
                }
                (void)take(stream);
            }
            if (!receiver_->stream_ended(stream)) receiver_->close(stream);
            for (std::uint64_t i = 0; i < buffer && take(stream); ++i) {
            }
        }
    }

    bool has_ended(std::uint64_t stream) {
        if (settings_.position_first) {
            std::uint64_t const position = receiver_->end_position();
            return receiver_->stream_ended(stream) && receiver_->position() >= position;
        }
        return receiver_->stream_ended(stream) && receiver_->position() >= receiver_->end_position();
    }

    bool take(std::uint64_t stream) {
        ipc::ring::Taken response;
        auto const outcome = receiver_->try_take(response, nullptr, 0);
        run_->require(outcome != Receiver::Outcome::corrupted, "an honest server is not cut");
        if (outcome != Receiver::Outcome::taken) return false;
        run_->require(response.sequence <= stream, "no request is answered before it was made");
        run_->require(run_->plain_read(payload(response.descriptor.offset)) == response.sequence,
                      "the payload is the response's");
        ++received_[response.sequence];
        receiver_->release(response.position, response.descriptor.ticket);
        return true;
    }

    // The next request in the lane meets what is left, of whatever stream; and the server's books close.
    void settle() {
        if (!run_->died(asking_))
            for (std::uint64_t i = 0; i < buffer; ++i)
                if (!take(settings_.streams)) break;
        if (!run_->died(asking_))
            run_->require(!receiver_->has_data() || !take(settings_.streams), "at most a ring full is left");
        if (run_->died(serving_)) return;
        sender_->take_back_all(give_back());
        run_->require(books_->in_use() == 0, "every chunk comes back");
    }

    StreamSettings settings_;
    ipc::layout::Connection connection_ = ipc::layout::connection(buffer, 1, 64);
    alignas(128) std::array<std::byte, 2048> segment_{};  // addresses only: the model keeps the contents
    std::array<std::byte, most> chunks_{};
    model::Execution* run_ = nullptr;
    std::size_t serving_ = 0;
    std::size_t asking_ = 0;
    std::optional<Sender> sender_;
    std::optional<Receiver> receiver_;
    std::optional<ipc::ring::ChunkBooks> books_;
    std::optional<typename Atomics::template Atomic<std::uint64_t>> asked_;
    std::uint64_t asked_newest_ = 0;
    std::uint64_t start_ = 0;                      // of the stream that is sent, in the ring
    std::array<std::uint64_t, most> stream_at_{};  // of each position
    std::array<std::uint64_t, 4> sent_{};          // of each stream
    std::array<std::uint64_t, 4> received_{};
    std::array<std::uint64_t, 4> gone_{};
};

template <class Atomics = model::ModelAtomics<>>
model::Exploration explore_streams(const StreamSettings& settings, const model::Bounds& bounds) {
    Streams<Atomics> world(settings);
    return model::explore(std::ref(world), bounds);
}

// An end that does not release what was published before it.
struct UnorderedEnd : model::ModelAtomics<> {
    struct Word : model::ModelAtomics<>::Word {
        std::uint64_t offset;
        Word(model::ModelAtomics<>::Word word, std::uint64_t at)
            : model::ModelAtomics<>::Word(word), offset(at) {}
        void store(std::uint64_t value, std::memory_order order) const {
            bool const is_end = offset == ipc::layout::Connection::ended_stream;
            model::ModelAtomics<>::Word::store(value, is_end ? std::memory_order_relaxed : order);
        }
    };
    static Word word(const std::byte* segment, std::uint64_t offset) {
        return {model::ModelAtomics<>::word(segment, offset), offset};
    }
};

}  // namespace

TEST_CASE("Streams in one lane: none is mixed with another, and nothing is lost or left") {
    require_kept(explore_streams({.takes = 2}, {.preemptions = 3, .stale_reads = 2}));
    require_kept(explore_streams({.responses = 3, .takes = 1}, {.preemptions = 3, .stale_reads = 1}));
    require_kept(
        explore_streams({.streams = 3, .responses = 1, .takes = 1}, {.preemptions = 3, .stale_reads = 1}));
}

TEST_CASE("Streams in one lane that overflow") {
    require_kept(explore_streams({.overflow = true, .responses = 3, .takes = 1},
                                 {.preemptions = 3, .stale_reads = 1}));
    require_kept(explore_streams({.overflow = true, .streams = 1, .responses = 3, .takes = 3},
                                 {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("Streams in one lane whose client or server dies at any step") {
    require_kept(
        explore_streams({.takes = 1, .mortal = true}, {.preemptions = 2, .stale_reads = 1, .deaths = 1}));
    require_kept(explore_streams({.overflow = true, .responses = 3, .takes = 1, .mortal = true},
                                 {.preemptions = 2, .stale_reads = 1, .deaths = 1}));
    require_kept(explore_streams({.streams = 1, .takes = 2, .mortal = true},
                                 {.preemptions = 2, .stale_reads = 1, .deaths = 2}));
}

TEST_CASE("Found: an end that does not release what was sent before it") {
    require_broken(
        explore_streams<UnorderedEnd>({.streams = 1, .takes = 2}, {.preemptions = 3, .stale_reads = 2}));
}

TEST_CASE("Found: where a stream ended, looked at before whether it has") {
    require_broken(explore_streams({.streams = 1, .takes = 2, .position_first = true},
                                   {.preemptions = 3, .stale_reads = 2}));
}

TEST_CASE("Found: what an older stream left, in the way of the next") {
    require_broken(explore_streams({.takes = 1, .leaves_old = true}, {.preemptions = 3, .stale_reads = 2}));
}
