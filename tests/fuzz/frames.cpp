// SPDX-License-Identifier: Apache-2.0
// Frames from a stream and the messages in them, in both directions; and JSON, against the library's opinion.
#include "fuzz/target.hpp"
#include "wire/codec.hpp"
#include "wire/frame_reader.hpp"
#include "wire/json_tokens.hpp"

#include <nlohmann/json.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace wire = ipc::wire;

// A nesting that one side refuses is no disagreement.
bool is_deep(std::string_view text) {
    int depth = 0;
    for (const char character : text)
        if ((character == '[' || character == '{') && ++depth > 32) return true;
    return false;
}

void compare_with_library(std::string_view text) {
    // Nor is a number that no double can hold, which is long.
    if (is_deep(text) || text.size() > 300) return;
    // A NUL ends a text for the library's scanner, wherever it stands.
    if (text.find('\0') != std::string_view::npos) return;
    // Or has an exponent.
    if (text.find_first_of("0123456789") != std::string_view::npos &&
        text.find_first_of("eE") != std::string_view::npos)
        return;
    fuzz::check(wire::json_tokens(text).has_value() == nlohmann::json::accept(text),
                "one scanner takes for JSON what the other does not");
}

// What was understood means the same once it is written again.
template <class Decode>
void read_and_write(const std::string& text, std::size_t descriptors, const Decode& decode) {
    const auto frame = [&](std::string of) {
        return wire::Frame{.text = std::move(of),
                           .descriptors = std::vector<ipc::shm::UniqueFd>(descriptors)};
    };
    auto message = decode(frame(text));
    if (!message) {
        fuzz::check(!message.error().reason.empty(), "a violation without a reason");
        return;
    }
    const std::string once = wire::encode(message->message, message->request).text;
    auto again = decode(frame(once));
    fuzz::check(again.has_value(), "what was written cannot be read");
    fuzz::check(wire::encode(again->message, again->request).text == once, "what was written changed");
}

// The same bytes as a stream, in pieces.
void read_stream(std::string_view bytes) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
    const ipc::shm::UniqueFd ours{ends[0]};
    const ipc::shm::UniqueFd theirs{ends[1]};
    wire::FrameReader reader{wire::max_client_frame};
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, 1 + static_cast<unsigned char>(bytes.front()) % 40U);
        bytes.remove_prefix(piece.size());
        fuzz::check(::write(theirs.get(), piece.data(), piece.size()) == static_cast<ssize_t>(piece.size()),
                    "a socket took only a part");
        if (!reader.receive(ours.get())) return;
        while (true) {
            auto frame = reader.next();
            if (!frame) return;
            if (!*frame) break;
            fuzz::check((**frame).text.size() <= wire::max_client_frame, "a frame that is too long");
        }
    }
}

}  // namespace

FUZZ_TARGET(frames) {
    fuzz::Bytes bytes{input};
    const std::size_t descriptors = bytes.byte() % 5U;
    const std::string text{input.substr(input.empty() ? 0 : 1)};
    compare_with_library(text);
    read_and_write(text, descriptors,
                   [](wire::Frame frame) { return wire::decode_client(std::move(frame)); });
    read_and_write(text, descriptors,
                   [](wire::Frame frame) { return wire::decode_broker(std::move(frame)); });
    read_stream(input);
}
