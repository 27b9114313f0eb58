// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ipc {

enum class TypeVariant : std::uint8_t {
    FixedSize,
    Dynamic,  // a slice: any number of elements, whose name, size and alignment these are
};

// A payload's or user header's type, as it is compared when a service is opened: all must match, the layout
// where both sides say one.
struct TypeDetail {
    std::string name;  // empty for "none": a service without a user header
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;  // bytes, a power of two
    TypeVariant variant = TypeVariant::FixedSize;
    // Where which members lie, up to 256 bytes of any text that is the same where they do: for a type that
    // another process may lay out differently, though it has the same name and size there. Empty: nothing is
    // said.
    std::string layout;

    friend bool operator==(const TypeDetail&, const TypeDetail&) = default;
};

}  // namespace ipc
