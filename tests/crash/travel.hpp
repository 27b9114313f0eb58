// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/checked.hpp"

#include <ipc/ipc.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

// How payloads get from one to the other: by themselves, or as a slice, for which the port that sends it
// grows.
namespace crash {

template <class Payload>
struct Travel {
    using Type = Payload;
    static constexpr const char* service = std::is_same_v<Payload, Small> ? "small" : "large";

    template <class Builder>
    static void set_up(Builder&) {}
    template <class Sender>
    static auto send(Sender& sender, const Payload& payload) {
        return sender.send_copy(payload).value();
    }
    template <class Sender>
    static auto loan(Sender& sender) {
        return sender.loan_uninit().value();
    }
    template <class Received>
    static const Payload& look_at(const Received& received) {
        return *received;
    }
};

template <>
struct Travel<Words> {
    using Type = ipc::Slice<std::uint64_t>;
    static constexpr const char* service = "words";

    template <class Builder>
    static void set_up(Builder& builder) {
        builder.initial_max_slice_len(Words::short_length)
            .allocation_strategy(ipc::AllocationStrategy::BestFit);
    }
    template <class Sender>
    static auto send(Sender& sender, const Words& words) {
        return sender.send_slice_copy(words.all()).value();
    }
    template <class Sender>
    static auto loan(Sender& sender) {
        return sender.loan_slice_uninit(Words::long_length).value();
    }
    template <class Received>
    static Words look_at(const Received& received) {
        const auto all = received.payload();
        return Words{{all.begin(), all.end()}};
    }
};

}  // namespace crash
