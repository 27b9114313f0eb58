// SPDX-License-Identifier: Apache-2.0
#include "word_size/exchange.hpp"

#include "harness/world.hpp"
#include "word_size/payloads.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

namespace word_size {

using namespace std::chrono_literals;
using harness::patience;

namespace {

// More than any ring has slots, so that all positions are used again.
constexpr std::uint32_t rounds = 100;
// Where the other half of a number would be lost.
constexpr std::uint64_t above_32_bits = 0x1234'5678'0000'0000;

void require(bool holds, const char* what) {
    if (!holds) throw ipc::Failure{what};
}

template <class Port>
auto next(Port& port) {
    auto received = port.receive(patience).value();
    require(received.has_value(), "nothing came");
    return std::move(*received);
}

// Nothing is lost: whoever sends waits for room.
auto readings(ipc::Node& node) {
    return node.service_builder("readings")
        .publish_subscribe<Reading>()
        .enable_safe_overflow(false)
        .open_or_create()
        .value();
}
auto images(ipc::Node& node) {
    return node.service_builder("images")
        .publish_subscribe<Image>()
        .enable_safe_overflow(false)
        .max_publishers(1)
        .max_subscribers(1)
        .open_or_create()
        .value();
}
auto slices(ipc::Node& node) {
    return node.service_builder("slices")
        .publish_subscribe<ipc::Slice<Told>>()
        .user_header<Reading>()
        .enable_timestamps(true)
        .enable_safe_overflow(false)
        .open_or_create()
        .value();
}
auto history(ipc::Node& node) {
    return node.service_builder("history")
        .publish_subscribe<Image>()
        .history_size(3)
        .subscriber_max_buffer_size(4)
        .max_publishers(1)
        .max_subscribers(1)
        .open_or_create()
        .value();
}
auto events(ipc::Node& node) {
    return node.service_builder("events").event().event_id_max_value(5000).open_or_create().value();
}
auto questions(ipc::Node& node) {
    return node.service_builder("questions")
        .request_response<Reading, ipc::Slice<std::uint64_t>>()
        .enable_safe_overflow_for_responses(false)
        .open_or_create()
        .value();
}

Reading reading(std::uint32_t i) {
    return {.sensor = i, .unused = 0, .number = above_32_bits + i, .value = i / 4.0};
}
bool is_reading(const Reading& r, std::uint32_t i) {
    return r.sensor == i && r.number == above_32_bits + i && r.value == i / 4.0;
}

void fill(Image& image, std::uint64_t first) {
    std::iota(image.begin(), image.end(), above_32_bits + first);
}
bool is_image(const Image& image, std::uint64_t first) {
    return image.front() == above_32_bits + first && image.back() == above_32_bits + first + image.size() - 1;
}

// From nothing to more than fits a slot.
std::size_t length(std::uint32_t round) {
    return round % 10;
}

}  // namespace

void publish(ipc::Node& node, const harness::Line& other) {
    other.expect("there");
    auto small = readings(node).publisher_builder().create().value();
    auto large = images(node).publisher_builder().create().value();
    for (std::uint32_t i = 0; i < rounds; ++i) {
        require(small.send_copy(reading(i)).value() == 1, "nobody got the reading");
        auto image = large.loan_uninit().value().write_from_fn([&](Image& to) { fill(to, i); });
        require(std::move(image).send().value() == 1, "nobody got the image");
    }
    other.expect("received");
}

void subscribe(ipc::Node& node, const harness::Line& other) {
    auto small = readings(node).subscriber_builder().create().value();
    auto large = images(node).subscriber_builder().create().value();
    other.tell("there");
    for (std::uint32_t i = 0; i < rounds; ++i) {
        require(is_reading(*next(small), i), "another reading was sent");
        require(is_image(*next(large), i), "another image was sent");
    }
    require(small.missed() == 0 && large.missed() == 0, "something was lost");
    other.tell("received");
}

void publish_slices(ipc::Node& node, const harness::Line& other) {
    other.expect("there");
    auto publisher = slices(node).publisher_builder().initial_max_slice_len(length(9)).create().value();
    for (std::uint32_t i = 0; i < rounds; ++i) {
        auto loan = publisher.loan_slice_uninit(length(i)).value();
        loan.user_header_mut() = reading(i);
        auto written = std::move(loan).write_from_fn(
            [&](std::size_t at) { return Told{.sensor = i, .value = static_cast<double>(at)}; });
        require(std::move(written).send().value() == 1, "nobody got the slice");
    }
    other.expect("received");
}

void subscribe_to_slices(ipc::Node& node, const harness::Line& other) {
    auto subscriber = slices(node).subscriber_builder().create().value();
    other.tell("there");
    for (std::uint32_t i = 0; i < rounds; ++i) {
        const auto sample = next(subscriber);
        require(is_reading(sample.user_header(), i), "another user header was sent");
        require(sample.header().timestamp().has_value(), "there is no timestamp");
        const auto elements = sample.payload();
        require(elements.size() == length(i), "another number of elements was sent");
        for (std::size_t at = 0; at < elements.size(); ++at)
            require(elements[at].sensor == i && elements[at].value == static_cast<double>(at),
                    "another element was sent");
    }
    other.tell("received");
}

void publish_history(ipc::Node& node, const harness::Line& other) {
    auto publisher = history(node).publisher_builder().create().value();
    for (std::uint64_t i = 0; i < 5; ++i)
        (void)publisher.loan_uninit().value().write_from_fn([&](Image& to) { fill(to, i); }).send().value();
    other.tell("sent");
    other.expect("received");
}

void join_late(ipc::Node& node, const harness::Line& other) {
    other.expect("sent");
    auto subscriber = history(node).subscriber_builder().create().value();
    for (std::uint64_t i = 2; i < 5; ++i)
        require(is_image(*next(subscriber), i), "the history has another image");
    require(!subscriber.receive().value(), "there is more than the history");
    other.tell("received");
}

void notify(ipc::Node& node, const harness::Line& other) {
    other.expect("there");
    auto notifier = events(node).notifier_builder().create().value();
    for (const std::uint32_t id : {0U, 63U, 64U, 5000U})
        for (std::uint32_t i = 0; i < rounds; ++i)
            require(notifier.notify(ipc::EventId{id}).value() == 1, "nobody was notified");
    other.expect("received");
}

void listen(ipc::Node& node, const harness::Line& other) {
    auto listener = events(node).listener_builder().create().value();
    other.tell("there");
    std::map<std::uint64_t, std::uint64_t> heard;
    const auto all = [&] {
        return heard.size() == 4 && std::all_of(heard.begin(), heard.end(),
                                                [](const auto& event) { return event.second == rounds; });
    };
    while (!all()) {
        const auto told = listener.timed_wait(
            [&](ipc::EventActivation event) { heard[event.id().value()] += event.count(); }, patience);
        require(told.value() != 0, "nothing came");
    }
    other.tell("received");
}

void ask(ipc::Node& node, const harness::Line& other) {
    other.expect("there");
    auto client = questions(node).client_builder().create().value();
    for (std::uint32_t i = 0; i < rounds; ++i) {
        auto pending = client.send_copy(reading(i)).value();
        for (std::size_t answers = 0; answers < 3; ++answers) {
            const auto response = next(pending);
            require(response.payload().size() == 1 + 50 * answers &&
                        response.payload().back() == above_32_bits + i + answers,
                    "another response was sent");
        }
        require(!pending.receive(patience).value() && pending.state() == ipc::StreamState::Completed,
                "the stream did not end");
    }
    other.tell("received");
}

void answer(ipc::Node& node, const harness::Line& other) {
    auto server = questions(node).server_builder().initial_max_slice_len(101).create().value();
    other.tell("there");
    for (std::uint32_t i = 0; i < rounds; ++i) {
        auto request = next(server);
        require(is_reading(*request, i), "another request was sent");
        for (std::size_t answers = 0; answers < 3; ++answers) {
            const std::vector<std::uint64_t> words(1 + 50 * answers, above_32_bits + i + answers);
            require(request.send_slice_copy(words).value() == 1, "nobody got the response");
        }
    }
    other.expect("received");
}

}  // namespace word_size
