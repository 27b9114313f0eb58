// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ipc {

enum class TypeVariant : std::uint8_t {
    FixedSize,
    Dynamic,  // a slice: any number of elements, whose name, size and alignment these are
};

// A payload's or user header's type, as it is compared when a service is opened: all four must match.
struct TypeDetail {
    std::string name;  // empty for "none": a service without a user header
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;  // bytes, a power of two
    TypeVariant variant = TypeVariant::FixedSize;

    friend bool operator==(const TypeDetail&, const TypeDetail&) = default;
};

}  // namespace ipc
