// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/payload.hpp"

#include <boost/static_string/static_string.hpp>

#include <cstddef>
#include <type_traits>

// A string of fixed capacity keeps its characters inside itself. For who uses Boost: the library does not.
template <std::size_t Capacity, class Character, class Traits>
struct ipc::zero_copy<boost::static_strings::basic_static_string<Capacity, Character, Traits>>
    : std::true_type {};
