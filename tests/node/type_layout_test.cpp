// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"

#include <ipc/payload.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace laid_out {

struct Inner {
    std::uint32_t a;
    double b;
};
struct Outer {
    std::uint64_t id;
    char name[300];
    std::array<Inner, 4> inner;
    std::chrono::nanoseconds time;
    bool last;
};
struct Small {
    std::uint32_t a;
    float b;
};
struct Bits {
    std::uint32_t a : 3;
    std::uint32_t b : 4;
    double c;
};
struct Derived : Small {
    double c;
};
struct WithUnion {
    double a;
    union {
        std::uint32_t b;
        float c;
    };
};
class Private {
 public:
    double get() const { return value_; }

 private:
    double value_ = 0;
};
struct Packed {
    char a;
    double b;
} __attribute__((packed));
struct Maybe {
    std::uint64_t a;
    std::optional<double> b;
};
struct Many {
    double first[1];
    double a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w;
};
struct TooMany {
    Many many;
    double a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x;
};
template <int>
struct Long {
    std::uint64_t numbers;
    std::array<Inner, 3> a, b, c, d, e, f, g, h, i, j, k, l, m, n;
};
template <>
struct Long<1> {
    std::uint64_t numbers;
    std::array<Inner, 3> a, b, c, d, e, f, g, h, i, j, k, l, m, n, o;
};

}  // namespace laid_out

using namespace laid_out;

namespace {

template <class T>
std::string layout_of() {
    return ipc::type_detail<T>().layout;
}

}  // namespace

TEST_CASE("a type's description says where its members lie, where that may differ in another process") {
    CHECK(layout_of<Inner>() == "{4@0 8@8}16");
    CHECK(layout_of<ipc::Slice<Inner>>() == "{4@0 8@8}16");
    CHECK(layout_of<Outer>() == "{8@0 1x300@8 {4@0 8@8}16x4@312 8@376 1@384}392");
    CHECK(layout_of<std::array<std::uint64_t, 1000>>() == "8x1000");
    CHECK(layout_of<Small>().empty());
    CHECK(layout_of<std::array<std::uint8_t, 1000>>().empty());
    CHECK(layout_of<std::uint64_t>().empty());
    CHECK(layout_of<Packed>().empty());
}

TEST_CASE("what cannot be looked into is of one kind of process") {
    CHECK(layout_of<Bits>() == "opaque16/8 of 64 bits");
    CHECK(layout_of<Derived>() == "opaque16/8 of 64 bits");
    CHECK(layout_of<WithUnion>() == "opaque16/8 of 64 bits");
    CHECK(layout_of<Private>() == "opaque8/8 of 64 bits");
    CHECK(layout_of<Maybe>() == "{8@0 opaque16/8 of 64 bits@8}24");
    CHECK(layout_of<Many>().starts_with("{8x1@0 8@8 "));
    CHECK(layout_of<TooMany>() == "opaque384/8 of 64 bits");
}

TEST_CASE("a long layout is cut, and still tells types apart") {
    CHECK(layout_of<Long<0>>().size() <= 256);
    CHECK(layout_of<Long<1>>().size() <= 256);
    CHECK(layout_of<Long<0>>() != layout_of<Long<1>>());
}

TEST_CASE("types of one layout have one name in 32 and in 64 bits") {
    CHECK(ipc::type_detail<std::array<std::uint64_t, 4>>().name == "std::array<u64, 4>");
    CHECK(ipc::type_detail<std::array<unsigned long long, 4>>().name == "std::array<u64, 4>");
    CHECK(ipc::type_detail<std::array<signed char, 7>>().name == "std::array<i8, 7>");
    CHECK(ipc::type_detail<std::array<double, 7>>().name == "std::array<f64, 7>");
    CHECK(ipc::type_detail<std::array<Small, 7>>().name == "std::array<laid_out::Small, 7>");
}
