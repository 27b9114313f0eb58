// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

// The members of an aggregate in their places, a built-in array as one member: as far as structured bindings
// show them. What they cannot bind without an error is found out before.
namespace ipc::detail {

// Clang before 16 takes no structured binding in a requires-expression.
#if defined(__clang__) && __clang_major__ < 16
inline constexpr bool members_can_be_bound = false;
#else
inline constexpr bool members_can_be_bound = true;
#endif

inline constexpr std::size_t members_bound = 24;
inline constexpr std::size_t not_bound = members_bound + 1;

// Initialises what cannot be bound: a base, which comes first, in the place of a member; a union, for it may
// have no name.
template <class Aggregate>
struct BaseOrUnion {
    template <class Member>
    requires(!std::is_same_v<Member, Aggregate> &&
             (std::is_base_of_v<Member, Aggregate> || std::is_union_v<Member>))
    operator Member() const;  // NOLINT(google-explicit-constructor)
};

// clang-format off
// How many members T has, or not_bound. `T{}` says that `{}` initialises each of them.
template <class T>
constexpr std::size_t count_members() {
    using Refused = BaseOrUnion<T>;
    if constexpr (!requires { T{}; }) return not_bound;
#define IPC_HAS(count, ...)                                                          \
    else if constexpr (requires { T{__VA_ARGS__ Refused{}}; }) return not_bound;     \
    else if constexpr (!requires { T{__VA_ARGS__ {}}; }) return count;
    IPC_HAS(0)
    IPC_HAS(1, {},)
    IPC_HAS(2, {}, {},)
    IPC_HAS(3, {}, {}, {},)
    IPC_HAS(4, {}, {}, {}, {},)
    IPC_HAS(5, {}, {}, {}, {}, {},)
    IPC_HAS(6, {}, {}, {}, {}, {}, {},)
    IPC_HAS(7, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(8, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(9, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(10, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(11, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(12, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(13, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(14, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(15, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(16, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(17, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(18, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(19, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(20, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(21, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(22, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(23, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
    IPC_HAS(24, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},)
#undef IPC_HAS
    else return not_bound;
}

// visit(members...), in order; false where there is no such call: a bit-field or a packed member has no
// address, and an aggregate may have too many members, or none.
template <class T, class Visit>
constexpr bool visit_members([[maybe_unused]] T& object, [[maybe_unused]] Visit visit) {
#if !defined(__clang__) || __clang_major__ >= 16
    constexpr std::size_t count = count_members<T>();
#define IPC_VISIT(number, ...)                                                       \
    if constexpr (count == number) {                                                 \
        auto& [__VA_ARGS__] = object;                                                \
        if constexpr (requires { visit(__VA_ARGS__); }) return visit(__VA_ARGS__), true; \
    }
    IPC_VISIT(1, a)
    IPC_VISIT(2, a, b)
    IPC_VISIT(3, a, b, c)
    IPC_VISIT(4, a, b, c, d)
    IPC_VISIT(5, a, b, c, d, e)
    IPC_VISIT(6, a, b, c, d, e, f)
    IPC_VISIT(7, a, b, c, d, e, f, g)
    IPC_VISIT(8, a, b, c, d, e, f, g, h)
    IPC_VISIT(9, a, b, c, d, e, f, g, h, i)
    IPC_VISIT(10, a, b, c, d, e, f, g, h, i, j)
    IPC_VISIT(11, a, b, c, d, e, f, g, h, i, j, k)
    IPC_VISIT(12, a, b, c, d, e, f, g, h, i, j, k, l)
    IPC_VISIT(13, a, b, c, d, e, f, g, h, i, j, k, l, m)
    IPC_VISIT(14, a, b, c, d, e, f, g, h, i, j, k, l, m, n)
    IPC_VISIT(15, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
    IPC_VISIT(16, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    IPC_VISIT(17, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
    IPC_VISIT(18, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
    IPC_VISIT(19, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)
    IPC_VISIT(20, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
    IPC_VISIT(21, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u)
    IPC_VISIT(22, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v)
    IPC_VISIT(23, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w)
    IPC_VISIT(24, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x)
#undef IPC_VISIT
#endif
    return false;
}
// clang-format on

}  // namespace ipc::detail
