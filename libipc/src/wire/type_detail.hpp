// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ipc::wire {

enum class TypeVariant : std::uint8_t { FixedSize, Dynamic };

struct TypeDetail {
    std::string name;  // empty for "none": a service without a user header
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;
    TypeVariant variant = TypeVariant::FixedSize;

    friend bool operator==(const TypeDetail&, const TypeDetail&) = default;
};

}  // namespace ipc::wire
