// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "payload.hpp"

#include <ipc/ipc.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bench {

template <class Error>
std::runtime_error failed(const char* what, Error error) {
    return std::runtime_error{std::string{what} + ": " + std::string{to_string(error)}};
}

// What a user writes, as in product_ports.hpp: requests that are written in place, with one response each.
template <std::size_t Size>
class Asking {
 public:
    using Port = ipc::Client<Payload<Size>, Payload<Size>>;

    explicit Asking(Port client) : client_{std::move(client)} {}

    void ask() {
        auto loan = client_.loan_uninit();
        if (!loan) throw failed("no loan", loan.error());
        loan->payload_mut()->write(asked_++);
        auto pending = std::move(*loan).assume_init().send();
        if (!pending) throw failed("not sent", pending.error());
        under_way_.push_back(std::move(*pending));
    }
    // Takes the response to its oldest request; false: it is not there yet.
    bool is_answered() {
        const auto response = under_way_.front().receive();
        if (!response) throw failed("not received", response.error());
        if (!response->has_value()) return false;
        (*response)->payload().check(answered_++);
        under_way_.pop_front();
        return true;
    }

 private:
    Port client_;
    std::deque<typename Port::Pending> under_way_;
    std::uint64_t asked_ = 0;
    std::uint64_t answered_ = 0;
};

template <std::size_t Size>
class Answering {
 public:
    using Port = ipc::Server<Payload<Size>, Payload<Size>>;

    explicit Answering(Port server) : server_{std::move(server)} {}

    // False: nobody has asked.
    bool answer() {
        auto request = server_.receive();
        if (!request) throw failed("not received", request.error());
        if (!request->has_value()) return false;
        answer(**request);
        return true;
    }
    // Requests that are there already, all of them before it drops the first.
    void answer_together(std::size_t count) {
        std::vector<typename Port::Received> held;
        for (std::size_t i = 0; i < count; ++i) held.push_back(std::move(server_.receive().value().value()));
        for (auto& request : held) answer(request);
    }

 private:
    void answer(typename Port::Received& request) {
        request.payload().check(answered_);
        auto loan = request.loan_uninit();
        if (!loan) throw failed("no loan", loan.error());
        loan->payload_mut()->write(answered_++);
        const auto sent = std::move(*loan).assume_init().send();
        if (!sent) throw failed("not sent", sent.error());
    }

    Port server_;
    std::uint64_t answered_ = 0;
};

// A client of numbers that has as many requests under way as the default settings allow.
class Busy {
 public:
    using Port = ipc::Client<std::uint64_t, std::uint64_t>;

    Busy(Port client, std::uint64_t at_once) : client_{std::move(client)}, at_once_{at_once} {}

    bool can_ask() const { return under_way_.size() < at_once_; }
    void ask() {
        auto pending = client_.send_copy(asked_++);
        if (!pending) throw failed("not sent", pending.error());
        under_way_.push_back(std::move(*pending));
    }
    // Takes the response to its oldest request; false: it is not there, or there is none.
    bool is_answered() {
        if (under_way_.empty()) return false;
        const auto response = under_way_.front().receive();
        if (!response) throw failed("not received", response.error());
        if (!response->has_value()) return false;
        if ((*response)->payload() != answered_ + 1) throw std::runtime_error{"a wrong response"};
        ++answered_;
        under_way_.pop_front();
        return true;
    }

 private:
    Port client_;
    std::uint64_t at_once_;
    std::deque<Port::Pending> under_way_;
    std::uint64_t asked_ = 0;
    std::uint64_t answered_ = 0;
};

// Its server: answers a number with the next one; false: nobody has asked.
inline bool answer_next(ipc::Server<std::uint64_t, std::uint64_t>& server) {
    auto request = server.receive();
    if (!request) throw failed("not received", request.error());
    if (!request->has_value()) return false;
    const auto sent = (*request)->send_copy((*request)->payload() + 1);
    if (!sent) throw failed("not sent", sent.error());
    return true;
}

}  // namespace bench
