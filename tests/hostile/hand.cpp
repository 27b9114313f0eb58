// SPDX-License-Identifier: Apache-2.0
#include "hostile/hand.hpp"

#include "hostile/services.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "ring/event_receiver.hpp"
#include "ring/event_sender.hpp"

#include <array>
#include <utility>

namespace hostile {

namespace layout = ipc::layout;
namespace wire = ipc::wire;

namespace {

using Atomics = ipc::ring::StdAtomics;

// Sends blocks of its own data segment, or garbage in slots.
class Sends {
 public:
    Sends(std::byte* ring, const layout::Connection& layout, const layout::Sample& block, const Grip& grip)
        : sender_{ring, layout}, block_{block}, grip_{grip} {}

    // Whether there was a way to. `prepare` gets the chunk.
    template <class Prepare>
    bool send(std::uint64_t number, Random& random, Prepare&& prepare) {
        const auto ignore = [](ipc::ring::ChunkId) {};
        if (sender_.room() != Sender::Room::available &&
            sender_.take_back_oldest().outcome != Sender::Eviction::evicted)
            return false;
        if (!sender_.has_room()) return false;
        const std::uint64_t elements = block_.is_slice ? below(random, most_words + 1) : 1;
        const std::uint64_t size = block_.size_of(elements);
        if (size <= block_.slot_room()) {
            std::array<std::uint64_t, 16> words{};
            if (block_.is_slice) words[block_.elements_offset / sizeof(std::uint64_t)] = elements;
            prepare(reinterpret_cast<std::byte*>(words.data()));
            sender_.publish_in_slot(number, words.data(), size / sizeof(std::uint64_t));
            return true;
        }
        if (!sender_.ticket_ready(ignore)) return false;
        if (block_.is_slice) sender_.announce_elements(elements);
        const auto chunk = static_cast<ipc::ring::ChunkId>(below(random, grip_.own_layout.chunk_count));
        const std::uint64_t offset = grip_.own_layout.chunks + chunk * grip_.own_layout.chunk_size;
        prepare(grip_.own_data + offset);
        sender_.publish_by_reference(number, 0, static_cast<std::uint32_t>(offset / block_.unit()), chunk);
        return true;
    }
    auto& ring() { return sender_; }

 private:
    using Sender = ipc::ring::DeliverySender<Atomics>;
    Sender sender_;
    layout::Sample block_;
    const Grip grip_;
};

class Takes {
 public:
    Takes(std::byte* ring, const layout::Connection& layout) : receiver_{ring, layout} {}
    // The number of what it took, or 0. Some of it is kept for ever.
    std::uint64_t take(Random& random) {
        ipc::ring::Taken taken;
        if (receiver_.try_take(taken, room_.data(), room_.size()) != Receiver::Outcome::taken) return 0;
        if (!taken.descriptor.in_slot && below(random, 8) != 0)
            receiver_.release(taken.position, taken.descriptor.ticket);
        if (below(random, 8) == 0) receiver_.raise_wake();
        return taken.sequence;
    }
    void keep() {
        ipc::ring::Taken taken;
        (void)receiver_.try_take(taken, room_.data(), room_.size());
    }
    auto& ring() { return receiver_; }

 private:
    using Receiver = ipc::ring::DeliveryReceiver<Atomics>;
    Receiver receiver_;
    std::array<std::uint64_t, 16> room_{};
};

layout::Connection ring_of(const wire::PublishSubscribeSettings& service,
                           const wire::DeliveryConnection& of) {
    return layout::connection(of.buffer_size, of.max_borrowed, service.sample().slot_size());
}

class LyingPublisher final : public Hand {
 public:
    LyingPublisher(const wire::PublishSubscribeSettings& service, const Grip& grip,
                   const layout::Connection& ring)
        : sends_{grip.segment, ring, service.sample(), grip} {
        add_ring(places, grip.segment, ring);
        add_data(places, grip.own_data, grip.own_layout);
    }
    void move(Random& random) override {
        if (number_ == 1 || below(random, 32) == 0) sends_.ring().publish_first_live(number_);
        if (sends_.send(number_, random, [](std::byte*) {})) ++number_;
    }

 private:
    Sends sends_;
    std::uint64_t number_ = 1;
};

class LyingSubscriber final : public Hand {
 public:
    LyingSubscriber(const Grip& grip, const layout::Connection& ring) : takes_{grip.segment, ring} {
        add_ring(places, grip.segment, ring);
    }
    void move(Random& random) override { (void)takes_.take(random); }
    void keep() override { takes_.keep(); }

 private:
    Takes takes_;
};

class LyingNotifier final : public Hand {
 public:
    LyingNotifier(const Grip& grip, const layout::EventConnection& of) : sender_{grip.segment, of} {
        add_events(places, grip.segment, of);
    }
    void move(Random& random) override { sender_.notify(below(random, 8)); }

 private:
    ipc::ring::EventSender<Atomics> sender_;
};

class LyingListener final : public Hand {
 public:
    LyingListener(const Grip& grip, const layout::EventConnection& of) : receiver_{grip.segment, of} {
        add_events(places, grip.segment, of);
    }
    void move(Random& random) override {
        (void)receiver_.collect([](std::uint64_t, std::uint64_t) {});
        if (below(random, 2) == 0) receiver_.raise_wake();
    }

 private:
    ipc::ring::EventReceiver<Atomics> receiver_;
};

class LyingClient final : public Hand {
 public:
    LyingClient(const wire::RequestResponseSettings& service, const Grip& grip)
        : block_{service.request_block()},
          layout_{service.connection()},
          requests_{grip.segment, layout_.requests, block_, grip} {
        for (std::uint64_t i = 0; i < layout_.lane_count; ++i)
            lanes_.emplace_back(std::make_unique<Takes>(grip.segment + layout_.lane(i), layout_.responses));
        add_requests(places, grip.segment, layout_);
        add_data(places, grip.own_data, grip.own_layout);
    }
    void move(Random& random) override {
        const std::uint64_t lane = below(random, lanes_.size());
        if (below(random, 2) == 0) return (void)lanes_[lane]->take(random);
        if (number_ == 1) requests_.ring().publish_first_live(1);
        // As an honest one would, who gives a lane to one request after another; mostly.
        const std::uint64_t in_lane = below(random, 8) == 0 ? random() : number_ % lanes_.size();
        const bool sent = requests_.send(number_, random, [&](std::byte* block) {
            Atomics::word(block, block_.lane_offset).store(in_lane, std::memory_order_relaxed);
            Atomics::word(block, block_.deadline_offset)
                .store(below(random, 4) == 0 ? random() : 0, std::memory_order_relaxed);
        });
        if (sent) ++number_;
        if (below(random, 4) == 0) lanes_[lane]->ring().close(number_);
    }

 private:
    layout::Sample block_;
    layout::RequestConnection layout_;
    Sends requests_;
    std::vector<std::unique_ptr<Takes>> lanes_;
    std::uint64_t number_ = 1;
};

class LyingServer final : public Hand {
 public:
    LyingServer(const wire::RequestResponseSettings& service, const Grip& grip)
        : layout_{service.connection()}, requests_{grip.segment, layout_.requests} {
        for (std::uint64_t i = 0; i < layout_.lane_count; ++i)
            lanes_.emplace_back(std::make_unique<Sends>(grip.segment + layout_.lane(i), layout_.responses,
                                                        service.response_block(), grip));
        add_requests(places, grip.segment, layout_);
        add_data(places, grip.own_data, grip.own_layout);
    }
    void move(Random& random) override {
        if (const std::uint64_t number = requests_.take(random)) number_ = number;
        if (number_ == 0) return;
        auto& lane = lanes_[below(random, lanes_.size())];
        (void)lane->send(number_, random, [](std::byte*) {});
        if (below(random, 2) == 0) lane->ring().end_stream(number_);
    }

 private:
    layout::RequestConnection layout_;
    Takes requests_;
    std::vector<std::unique_ptr<Sends>> lanes_;
    std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<Hand> hand_for(const wire::ServiceSettings& service, const Grip& grip) {
    const bool sends = grip.details.sending;
    if (const auto* samples = std::get_if<wire::PublishSubscribeSettings>(&service)) {
        const auto ring = ring_of(*samples, std::get<wire::DeliveryConnection>(grip.details.settings));
        if (sends) return std::make_unique<LyingPublisher>(*samples, grip, ring);
        return std::make_unique<LyingSubscriber>(grip, ring);
    }
    if (const auto* events = std::get_if<wire::EventSettings>(&service)) {
        const auto layout = layout::event_connection(events->event_id_max_value);
        if (sends) return std::make_unique<LyingNotifier>(grip, layout);
        return std::make_unique<LyingListener>(grip, layout);
    }
    const auto& requests = std::get<wire::RequestResponseSettings>(service);
    if (sends) return std::make_unique<LyingClient>(requests, grip);
    return std::make_unique<LyingServer>(requests, grip);
}

}  // namespace hostile
