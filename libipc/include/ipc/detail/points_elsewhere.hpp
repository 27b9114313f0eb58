// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/members.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// What is known to point elsewhere, as far as the language lets us see: not into private members, not into
// unions.
namespace ipc::detail {

template <class T>
constexpr bool points_elsewhere();

template <class T>
struct PointsElsewhere : std::bool_constant<points_elsewhere<T>()> {};

// Known for what they are, whether or not they could be copied byte by byte.
template <class T>
struct IsView : std::false_type {};
// A span, a string_view, and what else says so. (Clang 14 cannot read <ranges>; <span> declares this, too.)
template <class T>
requires std::ranges::enable_view<T>
struct IsView<T> : std::true_type {
};
template <class T>
struct IsView<std::reference_wrapper<T>> : std::true_type {};
template <class T, class Deleter>
struct IsView<std::unique_ptr<T, Deleter>> : std::true_type {};
template <class T>
struct IsView<std::shared_ptr<T>> : std::true_type {};
template <class T>
struct IsView<std::weak_ptr<T>> : std::true_type {};
template <class Signature>
struct IsView<std::function<Signature>> : std::true_type {};

// What has nothing but values of its arguments: whether the predicate holds of any of those.
template <class T>
struct Wrapped {
    static constexpr bool is_known = false;
};
template <class... Values>
struct WrappedValues {
    static constexpr bool is_known = true;
    template <template <class> class Predicate>
    static constexpr bool any_is = (Predicate<std::remove_cv_t<Values>>::value || ...);
};
template <class First, class Second>
struct Wrapped<std::pair<First, Second>> : WrappedValues<First, Second> {};
template <class... Values>
struct Wrapped<std::tuple<Values...>> : WrappedValues<Values...> {};
template <class Value>
struct Wrapped<std::optional<Value>> : WrappedValues<Value> {};
template <class... Values>
struct Wrapped<std::variant<Values...>> : WrappedValues<Values...> {};

template <class T>
constexpr bool points_elsewhere() {
    if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_reference_v<T> ||
                  std::is_null_pointer_v<T> || IsView<T>::value) {
        return true;
    } else if constexpr (std::is_array_v<T>) {
        return points_elsewhere<std::remove_all_extents_t<T>>();
    } else if constexpr (Wrapped<T>::is_known) {
        return Wrapped<T>::template any_is<PointsElsewhere>;
    } else if constexpr (std::is_class_v<T> && std::is_aggregate_v<T>) {
        return any_member_is<T, PointsElsewhere>();
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
