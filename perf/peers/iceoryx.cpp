// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "iox_roudi.hpp"
#include "touch.hpp"

#include <iceoryx_posh/popo/untyped_publisher.hpp>
#include <iceoryx_posh/popo/untyped_subscriber.hpp>
#include <iceoryx_posh/popo/wait_set.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace bench {

namespace {

iox::RuntimeName_t runtime_name(const std::string& name) {
    return {iox::cxx::TruncateToCapacity, name};
}
iox::capro::ServiceDescription topic(bool from_first) {
    return from_first ? iox::capro::ServiceDescription{"ipc-bench", "exchange", "ping"}
                      : iox::capro::ServiceDescription{"ipc-bench", "exchange", "pong"};
}

}  // namespace

class Iceoryx {
 public:
    static constexpr const char* name = "iceoryx";
    static constexpr const char* how =
        "iceoryx classic 2.0.3, iox-roudi's default pools; take(), or a wait set";
    static constexpr std::size_t largest = std::size_t{4} << 20;

    explicit Iceoryx(const Setting& setting) : setting_{setting} {}

    void join(bool first) {
        iox::runtime::PoshRuntime::initRuntime(runtime_name(setting_.name + (first ? "-first" : "-second")));
        iox::popo::PublisherOptions out;
        iox::popo::SubscriberOptions in;
        if (setting_.purpose == Purpose::flow) {
            out.subscriberTooSlowPolicy = iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
            in.queueFullPolicy = iox::popo::QueueFullPolicy::BLOCK_PRODUCER;
            constexpr std::uint64_t most = 256;
            in.queueCapacity = std::min<std::uint64_t>(most, flow_depth(setting_));
        }
        out_.emplace(topic(first), out);
        in_.emplace(topic(!first), in);
        while (!out_->hasSubscribers() || in_->getSubscriptionState() != iox::SubscribeState::SUBSCRIBED) {
        }
    }

    void send(std::uint64_t number) {
        auto loan = out_->loan(static_cast<std::uint32_t>(setting_.payload));
        if (loan.has_error()) throw std::runtime_error{"no loan"};
        write_payload(bytes_at(loan.value(), setting_.payload), number);
        out_->publish(loan.value());
    }
    bool receive(std::uint64_t number) {
        auto sample = in_->take();
        if (sample.has_error()) {
            if (sample.get_error() == iox::popo::ChunkReceiveResult::NO_CHUNK_AVAILABLE) return false;
            throw std::runtime_error{"not received"};
        }
        check_payload(bytes_at(sample.value(), setting_.payload), number);
        in_->release(sample.value());
        return true;
    }
    void wait(std::uint64_t number) {
        if (!wait_set_) {
            wait_set_.emplace();
            if (wait_set_->attachState(*in_, iox::popo::SubscriberState::HAS_DATA).has_error())
                throw std::runtime_error{"not attached"};
        }
        while (!receive(number)) wait_set_->wait();
    }

 private:
    Setting setting_;
    IoxRouDi roudi_;
    std::optional<iox::popo::UntypedPublisher> out_;
    std::optional<iox::popo::UntypedSubscriber> in_;
    std::optional<iox::popo::WaitSet<>> wait_set_;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::Iceoryx>(argc, argv);
}
