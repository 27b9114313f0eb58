// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "soak/services.hpp"
#include "soak/tally.hpp"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// One end of each kind, as those use it who die and those who live. What they verify goes into the tally, and
// what must not be.
namespace soak {

inline ipc::DegradationHandler no_cuts(Tally& tally) {
    return [&tally](const ipc::DegradationInfo& info) {
        tally.found("an honest peer was cut off: " + info.detail);
    };
}

// Sends numbers, from 1 on.
template <class Payload>
class Sender {
 public:
    Sender(const ipc::PublishSubscribeService<Payload>& service, Author author, Tally& tally)
        : publisher_{service.publisher_builder()
                         .max_loaned_samples(2)
                         .degradation_handler(no_cuts(tally))
                         .create()
                         .value()},
          author_{author} {}

    void send(int count) {
        while (count-- > 0) (void)publisher_.send_copy(Payload::of(author_, ++number_)).value();
    }
    // One that is dropped unsent, beside one that is sent.
    void hesitate() {
        const auto loan = publisher_.loan_uninit().value();
        send(1);
    }
    std::uint64_t sent() const { return number_; }

 private:
    ipc::Publisher<Payload> publisher_;
    const Author author_;
    std::uint64_t number_ = 0;
};

// Receives all, and looks twice at what it holds. Of each publisher the numbers go up, and where nothing may
// be missing, one by one.
template <class Payload>
class Reader {
 public:
    Reader(const ipc::PublishSubscribeService<Payload>& service, Kind kind, Tally& tally)
        : subscriber_{service.subscriber_builder().degradation_handler(no_cuts(tally)).create().value()},
          kind_{kind},
          tally_{tally} {}

    void take_all() {
        while (take(subscriber_.receive())) {
        }
        let_go();
    }
    void sleep(std::chrono::nanoseconds timeout) {
        (void)take(subscriber_.receive(timeout));
        let_go();
    }
    std::uint64_t last_of_survivor() const { return last_of_survivor_; }

 private:
    using Received = ipc::expected<std::optional<ipc::Sample<Payload>>, ipc::ReceiveError>;

    bool take(Received received) {
        if (!received && received.error() == ipc::ReceiveError::ExceedsMaxBorrows) {
            let_go();
            return true;
        }
        auto sample = std::move(received).value();
        if (!sample) return false;
        const Payload& payload = **sample;
        tally_.demand(payload.is_whole(), "a torn sample was delivered");
        std::uint64_t& before = last_[sample->header().publisher_id()];
        const bool in_order =
            kind_ == Kind::latest || before == 0 ? payload.number > before : payload.number == before + 1;
        tally_.demand(in_order, std::string{name_of_kinds[static_cast<std::size_t>(kind_)]} + ": " +
                                    std::to_string(payload.number) + " came after " + std::to_string(before));
        before = payload.number;
        if (payload.author == Author::survivor) last_of_survivor_ = payload.number;
        tally_.verified(kind_);
        held_.push_back(std::move(*sample));
        return true;
    }
    void let_go() {
        for (const auto& sample : held_)
            tally_.demand(sample->is_whole(), "a sample changed while it was held");
        held_.clear();
    }

    ipc::Subscriber<Payload> subscriber_;
    const Kind kind_;
    Tally& tally_;
    std::map<ipc::UniquePortId, std::uint64_t> last_;
    std::uint64_t last_of_survivor_ = 0;
    std::vector<ipc::Sample<Payload>> held_;
};

// Asks, and waits for the end of all answers.
class Asker {
 public:
    Asker(const ipc::Node& node, Author author, Tally& tally)
        : client_{requests(node).client_builder().degradation_handler(no_cuts(tally)).create().value()},
          author_{author},
          tally_{tally} {}

    // How many of the answers were survivors'.
    int ask() {
        auto pending = client_.send_copy(Large::of(author_, ++number_)).value();
        int of_survivors = 0;
        while (auto response = pending.receive(harness::patience).value()) {
            tally_.demand((*response)->is_whole(), "a torn response was delivered");
            tally_.demand((*response)->number == number_, "a response to another request was delivered");
            tally_.verified(Kind::response);
            of_survivors += (*response)->author == Author::survivor ? 1 : 0;
        }
        tally_.demand(!pending.is_connected(), "a stream of responses never ends");
        return of_survivors;
    }

 private:
    ipc::Client<Large, Large> client_;
    const Author author_;
    Tally& tally_;
    std::uint64_t number_ = 0;
};

// Answers whatever came, so often.
class Answerer {
 public:
    Answerer(const ipc::Node& node, Author author, Tally& tally)
        : server_{requests(node).server_builder().degradation_handler(no_cuts(tally)).create().value()},
          author_{author},
          tally_{tally} {}

    void answer(int times) {
        while (auto request = server_.receive().value()) {
            tally_.demand((*request)->is_whole(), "a torn request was delivered");
            tally_.verified(Kind::request);
            for (int i = 0; i < times; ++i)
                (void)request->send_copy(Large::of(author_, (*request)->number)).value();
        }
    }

 private:
    ipc::Server<Large, Large> server_;
    const Author author_;
    Tally& tally_;
};

class Notifying {
 public:
    Notifying(const ipc::Node& node, ipc::EventId id)
        : notifier_{events(node).notifier_builder().create().value()}, id_{id} {}

    void notify() {
        (void)notifier_.notify(id_).value();
        ++notified_;
    }
    std::uint64_t notified() const { return notified_; }

 private:
    ipc::Notifier notifier_;
    const ipc::EventId id_;
    std::uint64_t notified_ = 0;
};

class Hearing {
 public:
    Hearing(const ipc::Node& node, Tally& tally)
        : listener_{events(node).listener_builder().degradation_handler(no_cuts(tally)).create().value()},
          tally_{tally} {}

    void hear() {
        (void)listener_.try_wait([this](ipc::EventActivation event) { count(event); }).value();
    }
    void sleep(std::chrono::nanoseconds timeout) {
        (void)listener_.timed_wait([this](ipc::EventActivation event) { count(event); }, timeout).value();
    }
    std::uint64_t heard_of_survivor() const { return heard_[of_survivor.value()]; }

 private:
    void count(const ipc::EventActivation& event) {
        if (event.id() != of_survivor && event.id() != of_mortal && event.id() != of_death)
            return tally_.found("an event was heard that nobody told");
        heard_[event.id().value()] += event.count();
        tally_.verified(Kind::notification, event.count());
    }

    ipc::Listener listener_;
    Tally& tally_;
    std::array<std::uint64_t, 4> heard_{};
};

}  // namespace soak
