// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ipc::detail {

template <class T>
constexpr bool points_elsewhere();

// Known for what they are, though they could be copied byte by byte.
template <class T>
struct IsView : std::false_type {};
template <class Character, class Traits>
struct IsView<std::basic_string_view<Character, Traits>> : std::true_type {};
template <class T, std::size_t Extent>
struct IsView<std::span<T, Extent>> : std::true_type {};
template <class T>
struct IsView<std::reference_wrapper<T>> : std::true_type {};

// The members of an aggregate can be asked for by what they can be initialised from: a member that takes a
// Pointing<T> is one that points elsewhere.
template <class Aggregate>
struct Anything {
    template <class Member>
    requires(!std::is_same_v<Member, Aggregate>) operator Member()
        const;  // NOLINT(google-explicit-constructor)
};
template <class Aggregate>
struct Pointing {
    template <class Member>
    requires(!std::is_same_v<Member, Aggregate> && points_elsewhere<Member>()) operator Member()
        const;  // NOLINT(google-explicit-constructor)
};

template <class T, std::size_t... Before>
constexpr bool member_exists(std::index_sequence<Before...>) {
    return requires {
        T{(static_cast<void>(Before), Anything<T>{})..., Anything<T>{}};
    };
}
template <class T, std::size_t... Before>
constexpr bool member_points(std::index_sequence<Before...>) {
    return requires {
        T{(static_cast<void>(Before), Anything<T>{})..., Pointing<T>{}};
    };
}

inline constexpr std::size_t members_looked_at = 64;

template <class T, std::size_t Index = 0>
constexpr bool any_member_points() {
    if constexpr (Index == members_looked_at) {
        return false;
    } else if constexpr (!member_exists<T>(std::make_index_sequence<Index>{})) {
        return false;
    } else if constexpr (member_points<T>(std::make_index_sequence<Index>{})) {
        return true;
    } else {
        return any_member_points<T, Index + 1>();
    }
}

// As far as the language lets us see: not into private members, not into unions.
template <class T>
constexpr bool points_elsewhere() {
    if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_reference_v<T> ||
                  std::is_null_pointer_v<T> || IsView<T>::value) {
        return true;
    } else if constexpr (std::is_array_v<T>) {
        return points_elsewhere<std::remove_all_extents_t<T>>();
    } else if constexpr (std::is_class_v<T> && std::is_aggregate_v<T>) {
        return any_member_points<T>();
    } else {
        return false;
    }
}

template <class T>
inline constexpr bool points_elsewhere_v = points_elsewhere<std::remove_cv_t<T>>();

// A reference among the members takes assignment away, and nothing else that the language shows; a const
// member does the same.
template <class T>
inline constexpr bool may_refer_v = std::is_aggregate_v<T> && !std::is_copy_assignable_v<T>;

}  // namespace ipc::detail
