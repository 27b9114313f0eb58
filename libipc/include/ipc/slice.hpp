// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

namespace ipc {

// In place of a payload: each sample, request or response of such a service is any number of T, one behind
// the other, as many as its sender says when it loans it. Whoever sends or receives one has a std::span.
template <class T>
struct Slice {
    using Element = T;
};

template <class T>
inline constexpr bool is_slice_v = false;
template <class T>
inline constexpr bool is_slice_v<Slice<T>> = true;

namespace detail {

template <class Payload>
struct ElementOf {
    using Type = Payload;
};
template <class T>
struct ElementOf<Slice<T>> {
    using Type = T;
};

}  // namespace detail

// Of a slice; else the payload itself.
template <class Payload>
using element_t = typename detail::ElementOf<Payload>::Type;

}  // namespace ipc
