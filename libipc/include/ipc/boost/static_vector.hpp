// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/payload.hpp"

#include <boost/container/static_vector.hpp>

#include <cstddef>
#include <type_traits>

// A vector of fixed capacity keeps its elements inside itself. For who uses Boost: the library does not.
template <class T, std::size_t Capacity, class Options>
struct ipc::zero_copy<boost::container::static_vector<T, Capacity, Options>>
    : std::bool_constant<ipc::is_payload_v<T>> {};

template <class T, std::size_t Capacity, class Options>
struct ipc::detail::Wrapped<boost::container::static_vector<T, Capacity, Options>>
    : ipc::detail::WrappedValues<T> {};
