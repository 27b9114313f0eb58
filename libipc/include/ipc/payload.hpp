// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/bound_members.hpp"
#include "ipc/detail/holds_itself.hpp"
#include "ipc/detail/points_elsewhere.hpp"
#include "ipc/detail/type_layout.hpp"
#include "ipc/detail/type_name.hpp"
#include "ipc/slice.hpp"
#include "ipc/type_detail.hpp"
#include "ipc/zero_copy.hpp"

#include <type_traits>
#include <utility>

namespace ipc {

// What may travel: trivially copyable types that do not point elsewhere, those of which zero_copy says that
// they hold everything inside themselves (Boost's static_vector and static_string, with the headers in
// ipc/boost/), and aggregates, pairs, tuples, optionals and variants of them. A pointer that is private, in a
// union, or behind more than 64 other members cannot be found out here: such types must not be sent either.
template <class T>
inline constexpr bool is_payload_v = std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T> &&
                                     !std::is_volatile_v<T> && detail::holds_itself<T>();

namespace detail {

template <class T>
constexpr void require_payload() {
    static_assert(
        std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>,
        "a payload is a plain object type: not a reference, not a function, not const, not volatile");
    static_assert(!std::is_array_v<T>, "a payload cannot be a built-in array: use std::array<T, N>");
    static_assert(!std::is_polymorphic_v<T>,
                  "a payload cannot have virtual functions, for they are elsewhere in another process: send "
                  "the data, for example as a std::variant of what it may be");
    if constexpr (!zero_copy<T>::value) {
        static_assert(
            !points_elsewhere_v<T>,
            "this payload is or contains a pointer, a reference, a view, a span or a function, which means "
            "nothing in another process: send the data itself, for example in a std::array or a "
            "boost::container::static_vector");
        static_assert(points_elsewhere_v<T> || !may_refer_v<T>,
                      "this payload has a member that is a reference (or const, which cannot be told apart): "
                      "send the data itself, and make the member assignable");
        static_assert(
            points_elsewhere_v<T> || may_refer_v<T> || holds_itself<T>(),
            "a payload, and each of its members, must be trivially copyable (no std::string, std::vector, "
            "…): "
            "use types of fixed capacity, for example those of <ipc/boost/static_string.hpp> and "
            "<ipc/boost/static_vector.hpp>, or specialise ipc::zero_copy<T> if the type holds everything "
            "inside itself");
    }
}

}  // namespace detail

// How a T is described to the broker and compared with what others call it. A Slice<T> is described as a T,
// of which there are any number.
template <class T>
TypeDetail type_detail() {
    using Element = element_t<T>;
    detail::require_payload<Element>();
    TypeDetail result{.name = detail::type_name<Element>(),
                      .size = sizeof(Element),
                      .alignment = alignof(Element),
                      .variant = is_slice_v<T> ? TypeVariant::Dynamic : TypeVariant::FixedSize,
                      .layout = {}};
    detail::TypeLayout layout = detail::type_layout<Element>();
    // What would fill its place as well with the alignment that it has in a 64-bit process asks for that.
    if (sizeof(Element) % layout.alignment == 0) result.alignment = layout.alignment;
    if (detail::members_can_be_bound && std::is_class_v<Element> && result.alignment >= detail::widest_word)
        result.layout = detail::shortened(std::move(layout.text));
    return result;
}

}  // namespace ipc
