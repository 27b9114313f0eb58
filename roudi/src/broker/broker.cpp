// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"

#include <variant>

namespace roudi {

namespace {

template <class Message>
constexpr bool is_answered =
    std::is_same_v<Message, wire::Hello> || std::is_same_v<Message, wire::OpenService> ||
    std::is_same_v<Message, wire::CreatePort> || std::is_same_v<Message, wire::RequestWakeHandle> ||
    std::is_same_v<Message, wire::Query> || std::is_same_v<Message, wire::ReadoptDone> ||
    std::is_same_v<Message, wire::GrowPort> || std::is_same_v<Message, wire::SegmentMapped>;

template <class Message>
constexpr bool is_readoption =
    std::is_same_v<Message, wire::Readopt> || std::is_same_v<Message, wire::ReadoptService> ||
    std::is_same_v<Message, wire::ReadoptPort> || std::is_same_v<Message, wire::ReadoptConnections> ||
    std::is_same_v<Message, wire::ReadoptConnection> || std::is_same_v<Message, wire::ReadoptHistory> ||
    std::is_same_v<Message, wire::ReadoptDone> || std::is_same_v<Message, wire::ReadoptSegment> ||
    std::is_same_v<Message, wire::ReadoptHistorySegment>;

template <class Message>
constexpr bool is_for_observers =
    std::is_same_v<Message, wire::Query> || std::is_same_v<Message, wire::Goodbye>;

tl::unexpected<wire::Violation> violation(std::string_view message, const char* what) {
    return tl::unexpected{wire::Violation{std::string{message} + " " + what}};
}

}  // namespace

tl::expected<void, wire::Violation> Broker::handle(Client& client,
                                                   wire::Numbered<wire::ClientMessage> message) {
    return std::visit(
        [&]<class Message>(const Message& m) -> Outcome {
            if (client.said_goodbye) return violation(m.type, "after goodbye");
            if (is_answered<Message> != (message.request != 0))
                return violation(m.type, is_answered<Message> ? "without a request number"
                                                              : "with a request number, and has no answer");
            if constexpr (std::is_same_v<Message, wire::Hello>) {
                if (client.node != nullptr) return violation(m.type, "for the second time");
            } else {
                if (client.node == nullptr) return violation(m.type, "before hello");
                if (client.node->hello.observer && !is_for_observers<Message>)
                    return violation(m.type, "from an observer");
                const Readoption* readoption = client.node->readoption.get();
                if (is_readoption<Message> && readoption == nullptr)
                    return violation(m.type, "from a node that does not come back");
                if (is_readoption<Message> && readoption->begun == std::is_same_v<Message, wire::Readopt>)
                    return violation(m.type, readoption->begun ? "for the second time" : "before readopt");
                if (!is_readoption<Message> && !std::is_same_v<Message, wire::Goodbye> && readoption)
                    return violation(m.type, "before readopt_done");
            }
            return on(Call{.client = client, .request = message.request, .brought = message.descriptors}, m);
        },
        message.message);
}

Broker::Outcome Broker::Call::answer(const wire::BrokerMessage& message,
                                     std::vector<shm::UniqueFd> descriptors) const {
    client.send(message, request, std::move(descriptors));
    return {};
}

Broker::Outcome Broker::Call::refuse(const Rejection& rejection) const {
    client.send(wire::Refused{.code = rejection.code, .message = rejection.message}, request, {});
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::Query& message) {
    auto answer = inquiry_(message, call.client.identity);
    if (!answer) return call.refuse(answer.error());
    return call.answer(*answer);
}

Broker::Outcome Broker::on(Call call, const wire::Goodbye&) {
    call.client.said_goodbye = true;
    return {};
}

}  // namespace roudi
