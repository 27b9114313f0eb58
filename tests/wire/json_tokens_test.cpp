// SPDX-License-Identifier: Apache-2.0
#include "wire/json_tokens.hpp"

#include "catch.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <random>
#include <string>

using namespace ipc::wire;

namespace {

// What the JSON library thinks; nothing where it goes no further than a number too large for a double.
std::optional<bool> is_json(const std::string& text) {
    try {
        return !nlohmann::json::parse(text).is_discarded();
    } catch (const nlohmann::json::parse_error&) {
        return false;
    } catch (const nlohmann::json::out_of_range&) {
        return std::nullopt;
    }
}

std::string mutated(std::string text, std::mt19937& random) {
    static const std::string characters =
        "{}[]\",:\\/ \t\n\r-+.eE0123456789truefalsn\x01\x1f\x7f\x80\xc3\xa9\xf0\x9f\xe2";
    const auto any = [&](std::size_t count) { return random() % count; };
    for (auto changes = 1 + any(3); changes > 0; --changes) {
        const auto at = any(text.size() + 1);
        const char character = characters[any(characters.size())];
        switch (any(4)) {
            case 0:
                text.insert(at, 1, character);
                break;
            case 1:
                text.erase(at, 1 + any(3));
                break;
            case 2:
                text.resize(at);
                break;
            default:
                if (at < text.size()) text[at] = character;
        }
    }
    return text;
}

}  // namespace

TEST_CASE("text is JSON where the JSON library says so") {
    const std::string whole =
        R"( {"a" : [1, -0.5e+7, "x\u00e9\n", {}], "é": {"b":true,"c":[[],null]} , "":false}
)";
    REQUIRE(json_tokens(whole));
    std::mt19937 random{1};
    for (int i = 0; i < 50'000; ++i) {
        const std::string text = mutated(whole, random);
        const auto expected = is_json(text);
        if (!expected) continue;
        INFO(text);
        REQUIRE(json_tokens(text).has_value() == *expected);
    }
}

TEST_CASE("members are found by name, in whatever order") {
    const std::string text = R"({"a":[1,{"b":2}],"c":"","d":{"a":7}})";
    const auto tokens = json_tokens(text).value();
    JsonObject object{tokens};
    CHECK(object.member_count() == 3);
    CHECK(object.find("d").front().text == R"({"a":7})");
    CHECK(object.find("a").front().text == R"([1,{"b":2}])");
    CHECK(object.find("c").front().is(""));
    CHECK(object.find("b").empty());
    CHECK(JsonObject{object.find("d")}.find("a").front().unsigned_number() == 7);
}

TEST_CASE("a number is read where it is a whole one that fits") {
    const auto number = [](const char* text) { return json_tokens(text).value().front().unsigned_number(); };
    CHECK(number("0") == 0);
    CHECK(number("18446744073709551615") == ~std::uint64_t{0});
    for (const char* text : {"18446744073709551616", "-0", "1.0", "1e2", "true", "\"1\"", "[1]"}) {
        INFO(text);
        CHECK_FALSE(number(text));
    }
}

TEST_CASE("a string says what the JSON library reads in it") {
    const auto string = [](const std::string& text) { return json_tokens(text).value().front().unquoted(); };
    CHECK(string("\"\"").empty());
    CHECK(string("\"plain\"") == "plain");
    CHECK(string(R"("\"\\\u0041\u00e9")") == "\"\\A\xc3\xa9");
    CHECK_FALSE(json_tokens("\"\x1f\""));
    CHECK_FALSE(json_tokens("\"\xc3\""));
}
