// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/bound_members.hpp"
#include "ipc/export.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

// What the bytes of a type are, in a text that is the same wherever they are the same: a 32-bit and a 64-bit
// process may give a type of one name and size different members.
//
// A number is a scalar of so many bytes, "8x3" an array of three, "{4@0 8@8}16" a class of 16 bytes with
// members at those offsets. A class that cannot be looked into is "opaque", and where a member could be
// aligned differently in a process of the other kind, of this kind only: "opaque16/8 of 64 bits".
namespace ipc::detail {

// Kept short: what is longer ends in a hash of the rest.
IPC_API std::string shortened(std::string layout);

struct TypeLayout {
    std::string text;
    // That the members may have everywhere: i386 aligns what has 8 bytes to 4, in classes.
    std::size_t alignment = 1;
};

// What the other kind of process may align, or make, differently.
inline constexpr std::size_t widest_word = 8;

template <class T>
TypeLayout type_layout();

template <class T>
TypeLayout array_layout(std::size_t count) {
    TypeLayout result = type_layout<T>();
    result.text.append("x").append(std::to_string(count));
    return result;
}

template <class T>
TypeLayout opaque_layout() {
    TypeLayout result{.text = "opaque", .alignment = alignof(T)};
    result.text.append(std::to_string(sizeof(T))).append("/").append(std::to_string(alignof(T)));
    if (alignof(T) >= widest_word)
        result.text.append(" of ").append(std::to_string(8 * sizeof(void*))).append(" bits");
    return result;
}

// No T is made: its members are only asked where they would be.
template <class T>
TypeLayout class_layout() {
    TypeLayout result{.text = "{", .alignment = alignof(T)};
    constexpr std::uintptr_t somewhere = std::max<std::size_t>(alignof(T), 65536);
    auto& object = *reinterpret_cast<T*>(somewhere);
    const auto add = [&]<class Member>(Member& member) {
        const TypeLayout inner = type_layout<std::remove_cv_t<Member>>();
        const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(std::addressof(member)) - somewhere;
        if (result.text.size() > 1) result.text += ' ';
        result.text.append(inner.text).append("@").append(std::to_string(offset));
        result.alignment = std::max(result.alignment, inner.alignment);
    };
    const auto add_all = [&]<class... Members>(Members & ... members) requires(sizeof...(Members) > 0) {
        (add(members), ...);
    };
    if (!visit_members(object, add_all)) return opaque_layout<T>();
    result.text.append("}").append(std::to_string(sizeof(T)));
    return result;
}

template <class T>
struct StandardLayout {  // of a class of the standard library that is known though its members are private
    static constexpr bool is_known = false;
};
template <class T, std::size_t N>
struct StandardLayout<std::array<T, N>> {
    static constexpr bool is_known = N != 0;
    static TypeLayout get() { return array_layout<T>(N); }
};
template <class Rep, class Period>
struct StandardLayout<std::chrono::duration<Rep, Period>> {
    static constexpr bool is_known = true;
    static TypeLayout get() { return type_layout<Rep>(); }
};
template <class Clock, class Duration>
struct StandardLayout<std::chrono::time_point<Clock, Duration>> {
    static constexpr bool is_known = true;
    static TypeLayout get() { return type_layout<Duration>(); }
};

template <class T>
TypeLayout type_layout() {
    if constexpr (std::is_array_v<T>) {
        return array_layout<std::remove_cv_t<std::remove_extent_t<T>>>(std::extent_v<T>);
    } else if constexpr (std::is_scalar_v<T>) {
        // Alone, and everywhere but in a class of i386, a scalar has its own alignment.
        return {.text = std::to_string(sizeof(T)), .alignment = __alignof__(T)};
    } else if constexpr (StandardLayout<T>::is_known) {
        return StandardLayout<T>::get();
    } else if constexpr (std::is_class_v<T> && std::is_aggregate_v<T>) {
        return class_layout<T>();
    } else {
        return opaque_layout<T>();
    }
}

}  // namespace ipc::detail
