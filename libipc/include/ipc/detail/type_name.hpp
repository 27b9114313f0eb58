// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <string>
#include <type_traits>
#include <typeinfo>

namespace ipc::detail {

// The C++ name of a type, the same for every compiler that follows the Itanium ABI.
IPC_API std::string demangled(const std::type_info& type);

template <class T>
concept HasOwnName = requires {
    std::string{T::ipc_type_name};
};

template <class T>
inline constexpr bool is_plain_integer_v =
    std::is_same_v<T, signed char> || std::is_same_v<T, unsigned char> || std::is_same_v<T, short> ||
    std::is_same_v<T, unsigned short> || std::is_same_v<T, int> || std::is_same_v<T, unsigned int> ||
    std::is_same_v<T, long> || std::is_same_v<T, unsigned long> || std::is_same_v<T, long long> ||
    std::is_same_v<T, unsigned long long>;

// Its own name for other languages if it has one, the common name of a builtin type, else its C++ name.
template <class T>
std::string type_name() {
    if constexpr (HasOwnName<T>) {
        return std::string{T::ipc_type_name};
    } else if constexpr (std::is_same_v<T, bool>) {
        return "bool";
    } else if constexpr (std::is_same_v<T, char>) {
        return "char";
    } else if constexpr (std::is_same_v<T, float>) {
        return "f32";
    } else if constexpr (std::is_same_v<T, double>) {
        return "f64";
    } else if constexpr (is_plain_integer_v<T>) {
        // Appended, for g++ 12 warns without cause about a literal + a string.
        return std::string{std::is_signed_v<T> ? "i" : "u"}.append(std::to_string(8 * sizeof(T)));
    } else {
        return demangled(typeid(T));
    }
}

}  // namespace ipc::detail
