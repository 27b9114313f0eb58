// SPDX-License-Identifier: Apache-2.0
#include "codec.hpp"

#include "wire/json_reader.hpp"
#include "wire/text_writer.hpp"

#include <string>

namespace ipc::wire {

namespace {

template <class Variant>
Frame encode_any(const Variant& message, std::uint64_t request) {
    return std::visit(
        [&](const auto& alternative) {
            auto copy = alternative;  // for fields() serves both directions
            Frame frame;
            frame.text.reserve(512);
            frame.text += "{\"type\":\"";
            frame.text += copy.type;
            frame.text += "\",\"body\":";
            TextWriter body{frame.text};
            fields(body, copy);
            body.finish();
            if (request != 0) frame.text += ",\"request\":" + std::to_string(request);
            frame.text += '}';
            return frame;
        },
        message);
}

// How many descriptors a message brings.
template <class Message>
std::size_t descriptors_of(const Message&, std::uint64_t /*given*/) {
    return 0;
}
std::size_t descriptors_of(const Welcome& message, std::uint64_t given) {
    if (given == 0) return 0;
    return message.protocol < readopting_protocol ? 1 : 2;
}
std::size_t descriptors_of(const PortCreated& message, std::uint64_t) {
    return message.data_size == 0 ? 0 : 1;
}
std::size_t descriptors_of(const ConnectionOffered& message, std::uint64_t) {
    return 2 + message.data_sizes.size() + message.segments.size();
}
std::size_t descriptors_of(const PortGrown&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const SegmentOffered&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const ReadoptSegment&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const WakeOffered&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const WakeExpected&, std::uint64_t) {
    return 1;
}

std::size_t descriptors_of(const Readopt&, std::uint64_t) {
    return 2;
}
std::size_t descriptors_of(const ReadoptPort& message, std::uint64_t) {
    return message.has_data ? 1 : 0;
}
std::size_t descriptors_of(const ReadoptConnection&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const Readopted&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const RecordRenewed&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const HistoryKept& message, std::uint64_t) {
    return 1 + message.segments.size();
}
std::size_t descriptors_of(const ReadoptHistorySegment&, std::uint64_t) {
    return 1;
}
std::size_t descriptors_of(const ReadoptHistory&, std::uint64_t) {
    return 1;
}

// What every frame has; body and type are in the frame's text.
struct Envelope {
    std::string type;
    JsonValue body;
    std::uint64_t request = 0;
};

tl::expected<Envelope, Violation> open_envelope(JsonValue json) {
    if (json.front().kind != JsonToken::Kind::Object)
        return tl::unexpected{Violation{"a frame that is not a JSON object"}};
    JsonObject object{json};
    const JsonValue type = object.find("type");
    const JsonValue body = object.find("body");
    const JsonValue request = object.find("request");
    if (type.empty() || type.front().kind != JsonToken::Kind::String || body.empty())
        return tl::unexpected{Violation{"a frame without type or body"}};
    if (object.member_count() != (request.empty() ? 2 : 3))
        return tl::unexpected{Violation{"a frame with members that this protocol does not know"}};
    Envelope envelope{.type = type.front().unquoted(), .body = body};
    if (!request.empty()) {
        const auto number = request.front().unsigned_number();
        if (!number) return tl::unexpected{Violation{"a request that is not a number"}};
        envelope.request = *number;
    }
    return envelope;
}

template <class Variant, std::size_t Index = 0>
tl::expected<Variant, Violation> decode_body(const Envelope& envelope, std::size_t descriptors) {
    if constexpr (Index == std::variant_size_v<Variant>) {
        return tl::unexpected{Violation{"a message of unknown type"}};
    } else {
        using Message = std::variant_alternative_t<Index, Variant>;
        if (envelope.type != Message::type) return decode_body<Variant, Index + 1>(envelope, descriptors);
        Message message;
        JsonReader reader{envelope.body, envelope.type};
        if (reader.error.empty()) fields(reader, message);
        reader.finish();
        if (!reader.error.empty()) return tl::unexpected{Violation{std::move(reader.error)}};
        if (descriptors_of(message, descriptors) != descriptors)
            return tl::unexpected{
                Violation{envelope.type + " came with " + std::to_string(descriptors) + " descriptors"}};
        return message;
    }
}

template <class Variant>
tl::expected<Numbered<Variant>, Violation> decode_any(Frame frame) {
    const auto tokens = json_tokens(frame.text);
    if (!tokens) return tl::unexpected{tokens.error()};
    auto envelope = open_envelope(*tokens);
    if (!envelope) return tl::unexpected{std::move(envelope.error())};
    auto message = decode_body<Variant>(*envelope, frame.descriptors.size());
    if (!message) return tl::unexpected{std::move(message.error())};
    return Numbered<Variant>{.request = envelope->request,
                             .message = std::move(*message),
                             .descriptors = std::move(frame.descriptors)};
}

}  // namespace

Frame encode(const ClientMessage& message, std::uint64_t request, std::vector<shm::UniqueFd> descriptors) {
    Frame frame = encode_any(message, request);
    frame.descriptors = std::move(descriptors);
    return frame;
}

Frame encode(const BrokerMessage& message, std::uint64_t request, std::vector<shm::UniqueFd> descriptors) {
    Frame frame = encode_any(message, request);
    frame.descriptors = std::move(descriptors);
    return frame;
}

tl::expected<Numbered<ClientMessage>, Violation> decode_client(Frame frame) {
    return decode_any<ClientMessage>(std::move(frame));
}

tl::expected<Numbered<BrokerMessage>, Violation> decode_broker(Frame frame) {
    return decode_any<BrokerMessage>(std::move(frame));
}

}  // namespace ipc::wire
