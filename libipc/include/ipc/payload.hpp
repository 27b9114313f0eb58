// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/points_elsewhere.hpp"
#include "ipc/detail/type_name.hpp"
#include "ipc/slice.hpp"
#include "ipc/type_detail.hpp"

#include <type_traits>

namespace ipc {

// Says that a T may be written by one process and read by another that has it at a different address:
// specialise it as std::true_type for a type of your own that is not trivially copyable and yet holds
// everything inside itself.
template <class T>
struct zero_copy : std::false_type {};

// What may travel. A pointer that is private, in a union, or behind more than 64 other members cannot be
// found out here: such types must not be sent either.
template <class T>
inline constexpr bool is_payload_v =
    std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T> &&
    (zero_copy<T>::value ||
     (std::is_trivially_copyable_v<T> && !detail::points_elsewhere_v<T> && !detail::may_refer_v<T>));

namespace detail {

template <class T>
constexpr void require_payload() {
    static_assert(
        std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>,
        "a payload is a plain object type: not a reference, not a function, not const, not volatile");
    static_assert(!std::is_array_v<T>, "a payload cannot be a built-in array: use std::array<T, N>");
    if constexpr (!zero_copy<T>::value) {
        static_assert(
            !points_elsewhere_v<T>,
            "this payload is or contains a pointer, a reference, a view or a span, which means nothing "
            "in another process: send the data itself, for example in a std::array or a "
            "boost::container::static_vector");
        static_assert(!may_refer_v<T>,
                      "this payload has a member that is a reference (or const, which cannot be told apart): "
                      "send the data itself, and make the member assignable");
        static_assert(
            std::is_trivially_copyable_v<T>,
            "a payload must be trivially copyable (no std::string, std::vector, …): use types of fixed "
            "capacity, or specialise ipc::zero_copy<T> if the type holds everything inside itself");
    }
}

}  // namespace detail

// How a T is described to the broker and compared with what others call it. A Slice<T> is described as a T,
// of which there are any number.
template <class T>
TypeDetail type_detail() {
    using Element = element_t<T>;
    detail::require_payload<Element>();
    return {.name = detail::type_name<Element>(),
            .size = sizeof(Element),
            .alignment = alignof(Element),
            .variant = is_slice_v<T> ? TypeVariant::Dynamic : TypeVariant::FixedSize};
}

}  // namespace ipc
