// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/sample.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ipc::wire {

enum class TypeVariant : std::uint8_t {
    FixedSize,
    Dynamic,  // a slice: the type is its elements'
};

struct TypeDetail {
    std::string name;  // empty for "none": a service without a user header
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;
    TypeVariant variant = TypeVariant::FixedSize;
    std::optional<std::string> layout;  // what a client knows of where its members lie

    // In a block, with the alignment that the service gives it.
    layout::Payload payload(std::uint64_t service_alignment) const {
        return {.type = {.size = size, .alignment = service_alignment},
                .is_slice = variant == TypeVariant::Dynamic};
    }

    friend bool operator==(const TypeDetail&, const TypeDetail&) = default;
};

}  // namespace ipc::wire
