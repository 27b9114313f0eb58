// SPDX-License-Identifier: Apache-2.0
// Those who must not notice. A sending actor and a receiving one for each kind of service; each verifies what
// it gets from the other, and only reads what it gets from anybody else.
#include "harness/actor.hpp"
#include "hostile/services.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

using namespace hostile;

namespace {

// Between two looks at what the test says; a look takes up to a millisecond.
constexpr std::uint64_t work_between_looks = 256;
// Between two subscribers that come late, and ask for the past.
constexpr std::uint64_t work_between_late_joins = 16 * work_between_looks;

void demand(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error{what};
}

// Of connections; counted by whichever thread finds out.
struct Cuts {
    std::atomic<std::uint64_t> count{0};
    ipc::DegradationHandler handler() {
        return [this](const ipc::DegradationInfo&) { ++count; };
    }
};

// What an actor and its test say to each other: its port, its peer's, and then how far it is, until the end.
class Report {
 public:
    Report(const harness::Line& test, const Cuts& cuts, ipc::UniquePortId own) : test_{test}, cuts_{cuts} {
        test.tell(std::to_string(own.high()) + " " + std::to_string(own.low()));
        std::istringstream told{test.hear()};
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        told >> high >> low;
        peer_ = {high, low};
    }
    ipc::UniquePortId peer() const { return peer_; }
    // False: the end was asked for.
    bool goes_on() {
        if (++work_ % work_between_looks != 0 || !test_.has_message()) return true;
        if (test_.hear() == "end") return false;
        tell();
        return true;
    }
    void tell() const { test_.tell(std::to_string(verified) + " " + std::to_string(cuts_.count)); }

    std::uint64_t verified = 0;

 private:
    const harness::Line& test_;
    const Cuts& cuts_;
    ipc::UniquePortId peer_;
    std::uint64_t work_ = 0;
};

template <class Payload>
auto loan_from(ipc::Publisher<Payload>& publisher) {
    if constexpr (ipc::is_slice_v<Payload>)
        return publisher.loan_slice_uninit(most_words).value();
    else
        return publisher.loan_uninit().value();
}

template <class Payload>
void send(ipc::Publisher<Payload>& publisher, std::uint64_t number) {
    if constexpr (ipc::is_slice_v<Payload>)
        publisher.send_slice_copy(words_of(number)).value();
    else
        publisher.send_copy(Payload::of(number)).value();
}

template <class Payload>
int publish(const harness::Line& test, const std::string& socket) {
    Cuts cuts;
    auto node = honest_node(socket, "honest publisher");
    auto builder = samples<Payload>(node).publisher_builder();
    builder.max_loaned_samples(max_loaned).degradation_handler(cuts.handler());
    if constexpr (ipc::is_slice_v<Payload>) builder.initial_max_slice_len(most_words);
    auto publisher = builder.create().value();
    Report report{test, cuts, publisher.id()};
    while (report.goes_on()) send(publisher, ++report.verified);
    // A chunk that was lost with each of so many connections would be missing now.
    std::vector<typename ipc::Publisher<Payload>::Loan> loans;
    for (std::uint64_t i = 0; i < max_loaned; ++i) loans.push_back(loan_from(publisher));
    report.tell();
    return 0;
}

// One publisher's samples, as they come: whole, in order, and none for another's.
template <class Payload>
class Verified {
 public:
    explicit Verified(ipc::UniquePortId publisher) : publisher_{publisher} {}

    // Whether it was the honest one's.
    bool take(ipc::Sample<Payload> sample) {
        if (sample.header().publisher_id() != publisher_) {
            sum_ = sum_ + sum_of(sample.payload());
            return false;
        }
        const std::uint64_t number = sample.header().sequence_number();
        demand(is_of(sample.payload(), number), "a sample is not what was sent");
        demand(number > last_, "a sample came twice, or late");
        last_ = number;
        // Held for a while: nobody writes into what is held.
        held_.push_back(std::move(sample));
        if (held_.size() == max_borrowed - 1) {
            const auto& oldest = held_.front();
            demand(is_of(oldest.payload(), oldest.header().sequence_number()), "a held sample changed");
            held_.pop_front();
        }
        return true;
    }

 private:
    ipc::UniquePortId publisher_;
    std::uint64_t last_ = 0;
    std::deque<ipc::Sample<Payload>> held_;
    volatile std::uint64_t sum_ = 0;
};

template <class Payload>
int subscribe(const harness::Line& test, const std::string& socket) {
    Cuts cuts;
    auto node = honest_node(socket, "honest subscriber");
    auto service = samples<Payload>(node);
    const auto join = [&] {
        return service.subscriber_builder()
            .history_request(history_size)
            .degradation_handler(cuts.handler())
            .create()
            .value();
    };
    auto subscriber = join();
    Report report{test, cuts, subscriber.id()};
    Verified<Payload> verified{report.peer()};
    for (std::uint64_t work = 1; report.goes_on(); ++work) {
        // Now and then it sleeps.
        auto sample = work % 64 == 0 ? subscriber.receive(1ms) : subscriber.receive();
        if (sample.value() && verified.take(std::move(**sample))) ++report.verified;
        if (work % work_between_late_joins != 0) continue;
        auto late = join();
        Verified<Payload> past{report.peer()};
        for (std::uint64_t i = 0; i < 2 * history_size; ++i)
            if (auto old = late.receive().value()) past.take(std::move(*old));
    }
    report.tell();
    return 0;
}

using Tally = std::vector<std::uint64_t>;

std::uint64_t sum_up_to_the_greatest(std::uint64_t a, std::uint64_t b) {
    return a + std::min(b, std::numeric_limits<std::uint64_t>::max() - a);
}

int notify(const harness::Line& test, const std::string& socket) {
    Cuts cuts;
    auto node = honest_node(socket, "honest notifier");
    auto notifier = events(node).notifier_builder().create().value();
    Report report{test, cuts, notifier.id()};
    Tally told(highest_event + 1);
    for (std::uint64_t id = 0; report.goes_on(); id = (id + 7) % told.size()) {
        notifier.notify(ipc::EventId{id}).value();
        ++told[id];
        ++report.verified;
    }
    report.tell();
    std::string text;
    for (const std::uint64_t count : told) text += std::to_string(count) + " ";
    test.tell(text);
    test.expect("end");
    return 0;
}

int listen(const harness::Line& test, const std::string& socket) {
    Cuts cuts;
    auto node = honest_node(socket, "honest listener");
    auto listener = events(node).listener_builder().degradation_handler(cuts.handler()).create().value();
    Report report{test, cuts, listener.id()};
    Tally heard(highest_event + 1);
    const auto hear = [&](ipc::EventActivation activation) {
        demand(activation.id().value() <= highest_event, "an event that there is not");
        std::uint64_t& count = heard[activation.id().value()];
        count = sum_up_to_the_greatest(count, activation.count());
        ++report.verified;
    };
    for (std::uint64_t work = 1; report.goes_on(); ++work)
        (void)(work % 64 == 0 ? listener.timed_wait(hear, 1ms) : listener.try_wait(hear)).value();
    report.tell();
    // What the honest notifier told, all of it; and nothing else where nobody else notified.
    const bool alone = test.hear() == "alone";
    std::istringstream told{test.hear()};
    for (std::uint64_t& count : heard) {
        std::uint64_t sent = 0;
        told >> sent;
        while (count < sent) demand(listener.timed_wait(hear, harness::patience).value() != 0, "lost");
        demand(!alone || count == sent, "heard what nobody told");
    }
    return 0;
}

template <class Payload>
int ask(const harness::Line& test, const std::string& socket) {
    Cuts cuts;
    auto node = honest_node(socket, "honest client");
    auto client =
        requests<Payload>(node).client_builder().degradation_handler(cuts.handler()).create().value();
    Report report{test, cuts, client.id()};
    volatile std::uint64_t sum = 0;
    while (report.goes_on()) {
        const std::uint64_t number = report.verified + 1;
        auto pending = client.send_copy(Payload::of(number)).value();
        bool answered = false;
        while (!answered) {
            auto response = pending.receive(harness::patience).value();
            demand(response.has_value(), "the honest server's answer did not come");
            if (response->header().server_id() != report.peer()) {
                sum = sum + sum_of(**response);
                continue;
            }
            demand(is_of(**response, ~number), "an answer is not what was sent");
            answered = true;
        }
        ++report.verified;
    }
    report.tell();
    return 0;
}

template <class Payload>
int serve(const harness::Line& test, const std::string& socket) {
    Cuts cuts;
    auto node = honest_node(socket, "honest server");
    auto server =
        requests<Payload>(node).server_builder().degradation_handler(cuts.handler()).create().value();
    Report report{test, cuts, server.id()};
    volatile std::uint64_t sum = 0;
    while (report.goes_on()) {
        auto request = server.receive(1ms).value();
        if (!request) continue;
        if (request->header().client_id() != report.peer()) {
            sum = sum + sum_of(**request);
            (void)request->send_copy(Payload::of(sum));
            continue;
        }
        const std::uint64_t number = ++report.verified;
        demand(is_of(**request, number), "a request is not what was sent, or one was lost");
        request->send_copy(Payload::of(~number)).value();
    }
    report.tell();
    return 0;
}

}  // namespace

ACTOR(honest_sender) {
    const std::string& kind = arguments.at(1);
    if (kind == "chunks") return publish<Chunk>(test, arguments.at(0));
    if (kind == "slots") return publish<Slot>(test, arguments.at(0));
    if (kind == "slices") return publish<Words>(test, arguments.at(0));
    if (kind == "events") return notify(test, arguments.at(0));
    return kind == "large requests" ? ask<Chunk>(test, arguments.at(0)) : ask<Slot>(test, arguments.at(0));
}

ACTOR(honest_receiver) {
    const std::string& kind = arguments.at(1);
    if (kind == "chunks") return subscribe<Chunk>(test, arguments.at(0));
    if (kind == "slots") return subscribe<Slot>(test, arguments.at(0));
    if (kind == "slices") return subscribe<Words>(test, arguments.at(0));
    if (kind == "events") return listen(test, arguments.at(0));
    return kind == "large requests" ? serve<Chunk>(test, arguments.at(0))
                                    : serve<Slot>(test, arguments.at(0));
}
