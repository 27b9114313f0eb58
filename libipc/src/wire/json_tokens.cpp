// SPDX-License-Identifier: Apache-2.0
#include "json_tokens.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace ipc::wire {

namespace {

// Deeper than any message goes. A value in a value is a call in a call here, so a peer that nests deeper than
// this spends our stack.
constexpr std::size_t deepest_nesting = 32;

// RFC 8259, to the letter. Each function takes one thing from the text, and says whether it was there.
class Scanner {
 public:
    explicit Scanner(std::string_view text) : text_{text} { tokens_.reserve(64); }

    tl::expected<std::vector<JsonToken>, Violation> scan() {
        skip_space();
        const bool whole = value();
        skip_space();
        if (too_deep_)
            return tl::unexpected{Violation{"a frame that is nested deeper than " +
                                            std::to_string(deepest_nesting) + " levels"}};
        if (!whole || at_ != text_.size()) return tl::unexpected{Violation{"a frame that is not JSON"}};
        return std::move(tokens_);
    }

 private:
    using Kind = JsonToken::Kind;

    // A NUL, at the end, begins nothing.
    char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char character) {
        if (next() != character) return false;
        ++at_;
        return true;
    }

    void skip_space() {
        while (next() == ' ' || next() == '\n' || next() == '\r' || next() == '\t') ++at_;
    }

    bool value() {
        const std::size_t index = tokens_.size();
        const std::size_t begin = at_;
        JsonToken token;
        tokens_.push_back(token);
        if (!content(token)) return false;
        token.size = static_cast<std::uint32_t>(tokens_.size() - index);
        token.text = text_.substr(begin, at_ - begin);
        tokens_[index] = token;
        return true;
    }

    bool content(JsonToken& token) {
        switch (next()) {
            case '{':
                token.kind = Kind::Object;
                return nested([this] { return members(); });
            case '[':
                token.kind = Kind::Array;
                return nested([this] { return elements(); });
            case '"':
                token.kind = Kind::String;
                return string(token.plain);
            case 't':
                token.kind = Kind::Boolean;
                return word("true");
            case 'f':
                token.kind = Kind::Boolean;
                return word("false");
            case 'n':
                return word("null");
            default:
                token.kind = Kind::Number;
                return number();
        }
    }

    template <class Inside>
    bool nested(Inside inside) {
        if (++depth_ > deepest_nesting) {
            too_deep_ = true;
            return false;
        }
        ++at_;
        skip_space();
        const bool whole = inside();
        --depth_;
        return whole;
    }

    bool members() {
        if (take('}')) return true;
        do {
            skip_space();
            if (next() != '"' || !value()) return false;
            skip_space();
            if (!take(':')) return false;
            skip_space();
            if (!value()) return false;
            skip_space();
        } while (take(','));
        return take('}');
    }

    bool elements() {
        if (take(']')) return true;
        do {
            skip_space();
            if (!value()) return false;
            skip_space();
        } while (take(','));
        return take(']');
    }

    // What is not plain is for the JSON library to judge: escapes, control characters, UTF-8.
    bool string(bool& plain) {
        const std::size_t begin = at_++;
        plain = true;
        while (next() != '"') {
            if (at_ == text_.size()) return false;
            const char character = text_[at_++];
            if (character == '\\' && at_ != text_.size()) ++at_;
            plain = plain && character >= ' ' && character < 0x7f && character != '\\';
        }
        ++at_;
        return plain || nlohmann::json::accept(text_.substr(begin, at_ - begin));
    }

    bool number() {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (!take('e') && !take('E')) return true;
        if (!take('+')) take('-');
        return digits();
    }

    bool digits() {
        const std::size_t begin = at_;
        while (next() >= '0' && next() <= '9') ++at_;
        return at_ != begin;
    }

    bool word(std::string_view expected) {
        if (text_.substr(at_, expected.size()) != expected) return false;
        at_ += expected.size();
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    bool too_deep_ = false;
    std::vector<JsonToken> tokens_;
};

}  // namespace

std::string JsonToken::unquoted() const {
    if (plain) return std::string{text.substr(1, text.size() - 2)};
    return nlohmann::json::parse(text).get<std::string>();
}

std::optional<std::uint64_t> JsonToken::unsigned_number() const {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    // Takes neither a sign nor a fraction nor an exponent.
    const auto [behind, failure] = std::from_chars(text.data(), end, value);
    if (kind != Kind::Number || failure != std::errc{} || behind != end) return std::nullopt;
    return value;
}

tl::expected<std::vector<JsonToken>, Violation> json_tokens(std::string_view text) {
    return Scanner{text}.scan();
}

}  // namespace ipc::wire
