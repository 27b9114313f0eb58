// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"

#include <ipc/boost/static_string.hpp>
#include <ipc/boost/static_vector.hpp>
#include <ipc/payload.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace payloads {

struct Plain {
    int x;
    double y;
};
struct Named {
    static constexpr const char* ipc_type_name = "my.package/Named";
    float value;
};
template <class T>
struct Of {
    T value;
};

struct WithPointer {
    int x;
    char* p;
};
struct Nested {
    Plain plain;
    std::array<WithPointer, 2> deep;
};
struct Arrays {
    int v[3];
    Plain a[2];
    std::array<double, 5> d;
};
struct PointerAfterArray {
    int v[3];
    int* q[2];
};
struct View {
    std::string_view text;
};
struct Derived : WithPointer {
    int z;
};
struct Callback {
    std::uint64_t t;
    void (*f)();
};
struct Reference {
    const int& r;
};
struct Large {
    std::array<std::byte, 16 * 1024 * 1024> bytes;
};
struct Bits {
    int a : 3;
    int b : 4;
    std::uint8_t c[200];
};
enum class Colour : std::uint16_t { Red };

// Not trivially copyable, but it says that it holds everything inside itself.
class Own {
 public:
    Own() = default;
    Own(const Own& other) : value_{other.value_} {}

 private:
    int value_ = 0;
};

struct Words {
    boost::container::static_vector<boost::static_strings::static_string<16>, 4> list;
    int number;
};
struct Library {
    Words words[2];
    std::pair<Words, std::uint64_t> best;
    std::optional<Words> last;
    std::tuple<int, Words> others;
};
struct WithString {
    Words words;
    std::string text;
};
// It has everything inside, and lets go of something.
struct Owning {
    int descriptor;
    ~Owning() {}
};
// Takes anything, so that nobody can ask what it is.
struct Greedy {
    Greedy() = default;
    template <class T>
    Greedy(T&&) {}  // NOLINT
    Greedy(const Greedy&) {}
};
struct Opaque {
    Greedy greedy;
    Words words;
};
struct Virtual {
    virtual ~Virtual() = default;
};

}  // namespace payloads

template <>
struct ipc::zero_copy<payloads::Own> : std::true_type {};

using namespace payloads;
using ipc::is_payload_v;

TEST_CASE("what holds everything inside itself is a payload") {
    STATIC_REQUIRE(is_payload_v<std::uint8_t>);
    STATIC_REQUIRE(is_payload_v<Colour>);
    STATIC_REQUIRE(is_payload_v<Plain>);
    STATIC_REQUIRE(is_payload_v<Arrays>);
    STATIC_REQUIRE(is_payload_v<Large>);
    STATIC_REQUIRE(is_payload_v<Bits>);
    STATIC_REQUIRE(is_payload_v<std::array<Plain, 4>>);
    STATIC_REQUIRE(is_payload_v<Own>);
    STATIC_REQUIRE(is_payload_v<boost::container::static_vector<Plain, 8>>);
    STATIC_REQUIRE_FALSE(is_payload_v<boost::container::static_vector<int*, 8>>);
    STATIC_REQUIRE(is_payload_v<boost::static_strings::static_string<32>>);
    STATIC_REQUIRE(is_payload_v<Words>);
    STATIC_REQUIRE(is_payload_v<Library>);
    STATIC_REQUIRE(is_payload_v<boost::container::static_vector<Words, 3>>);
    STATIC_REQUIRE(is_payload_v<std::variant<int, Words>>);
    STATIC_REQUIRE(is_payload_v<std::pair<int, double>>);
}

TEST_CASE("what points elsewhere is none") {
    STATIC_REQUIRE_FALSE(is_payload_v<int*>);
    STATIC_REQUIRE_FALSE(is_payload_v<int&>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::nullptr_t>);
    STATIC_REQUIRE_FALSE(is_payload_v<int Plain::*>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::string_view>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::span<int>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::reference_wrapper<int>>);
    STATIC_REQUIRE_FALSE(is_payload_v<WithPointer>);
    STATIC_REQUIRE_FALSE(is_payload_v<Nested>);
    STATIC_REQUIRE_FALSE(is_payload_v<PointerAfterArray>);
    STATIC_REQUIRE_FALSE(is_payload_v<View>);
    STATIC_REQUIRE_FALSE(is_payload_v<Derived>);
    STATIC_REQUIRE_FALSE(is_payload_v<Callback>);
    STATIC_REQUIRE_FALSE(is_payload_v<Reference>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::string>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::vector<int>>);
    STATIC_REQUIRE_FALSE(is_payload_v<WithString>);
    STATIC_REQUIRE_FALSE(is_payload_v<boost::container::static_vector<WithString, 2>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::optional<WithPointer>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::variant<int, std::string_view>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::pair<int, std::string>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::tuple<int*>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::unique_ptr<int>>);
    STATIC_REQUIRE_FALSE(is_payload_v<std::function<void()>>);
    STATIC_REQUIRE_FALSE(is_payload_v<Owning>);
    STATIC_REQUIRE_FALSE(is_payload_v<Opaque>);
    STATIC_REQUIRE_FALSE(is_payload_v<Virtual>);
    STATIC_REQUIRE_FALSE(is_payload_v<int[4]>);
    STATIC_REQUIRE_FALSE(is_payload_v<const int>);
}

TEST_CASE("types are named for every language where that is possible") {
    CHECK(ipc::type_detail<std::uint64_t>() == ipc::TypeDetail{.name = "u64", .size = 8, .alignment = 8});
    CHECK(ipc::type_detail<std::int8_t>().name == "i8");
    CHECK(ipc::type_detail<unsigned short>().name == "u16");
    CHECK(ipc::type_detail<long long>().name == "i64");
    CHECK(ipc::type_detail<long>().name == "i64");
    CHECK(ipc::type_detail<float>().name == "f32");
    CHECK(ipc::type_detail<double>().name == "f64");
    CHECK(ipc::type_detail<bool>().name == "bool");
    CHECK(ipc::type_detail<char>().name == "char");
    CHECK(ipc::type_detail<Named>() ==
          ipc::TypeDetail{.name = "my.package/Named", .size = 4, .alignment = 4});
    CHECK(ipc::type_detail<Plain>() ==
          ipc::TypeDetail{.name = "payloads::Plain",
                          .size = 16,
                          .alignment = 8,
                          .layout = ipc::detail::members_can_be_bound ? "{4@0 8@8}16" : ""});
    CHECK(ipc::type_detail<Of<Plain>>().name == "payloads::Of<payloads::Plain>");
}
