// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "payload.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace bench {

// What a user writes: the shortest way to send and to receive. Nothing here that the API document would not
// recommend.
template <std::size_t Size>
class Sender {
 public:
    explicit Sender(ipc::Publisher<Payload<Size>> publisher) : publisher_{std::move(publisher)} {}

    // Returns the number of receivers.
    std::size_t send() {
        auto loan = publisher_.loan_uninit();
        if (!loan) throw std::runtime_error{"no loan: " + std::string{to_string(loan.error())}};
        loan->payload_mut()->write(sent_++);
        const auto receivers = std::move(*loan).assume_init().send();
        if (!receivers) throw std::runtime_error{"not sent: " + std::string{to_string(receivers.error())}};
        return *receivers;
    }
    std::uint64_t sent() const { return sent_; }

 private:
    ipc::Publisher<Payload<Size>> publisher_;
    std::uint64_t sent_ = 0;
};

template <std::size_t Size>
class Receiver {
 public:
    // `missed`: so much was sent before it was there.
    explicit Receiver(ipc::Subscriber<Payload<Size>> subscriber, std::uint64_t missed = 0)
        : subscriber_{std::move(subscriber)}, received_{missed} {}

    // Takes the next sample, which must be there, and keeps it.
    ipc::Sample<Payload<Size>> hold() {
        auto sample = subscriber_.receive().value();
        if (!sample) throw std::runtime_error{"a sample that was sent did not arrive"};
        sample->payload().check(received_++);
        return std::move(*sample);
    }

    // Takes the next sample, checks it and gives it back; false if there is none.
    bool receive() { return check(subscriber_.receive()); }
    // Sleeps until there is one.
    void sleep() { check(subscriber_.receive(std::chrono::hours{24})); }
    const ipc::Subscriber<Payload<Size>>& subscriber() const { return subscriber_; }

 private:
    bool check(const ipc::expected<std::optional<ipc::Sample<Payload<Size>>>, ipc::ReceiveError>& sample) {
        if (!sample) throw std::runtime_error{"not received: " + std::string{to_string(sample.error())}};
        if (!sample->has_value()) return false;
        (*sample)->payload().check(received_++);
        return true;
    }

    ipc::Subscriber<Payload<Size>> subscriber_;
    std::uint64_t received_;
};

}  // namespace bench
