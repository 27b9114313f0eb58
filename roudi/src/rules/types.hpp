// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/rejection.hpp"
#include "wire/type_detail.hpp"

#include <cstdint>
#include <optional>
#include <string>

// Types of payloads and user headers, as clients describe them.
namespace roudi {

std::string describe(const wire::TypeDetail& type);

// `what` says in messages whose type it is: "payload".
Granted<void> check_type(const std::string& what, const wire::TypeDetail& type);
// Likewise, where there may be none.
Granted<void> check_header(const std::string& what, const wire::TypeDetail& type);
// How many elements a port's slices of this type have at first; 1 where it is not asked for, or none.
Granted<std::uint64_t> check_slice_len(const std::string& name, const wire::TypeDetail& type,
                                       std::optional<std::uint64_t> asked);
// A power of two, as a mapping can promise it.
Granted<void> check_alignment(const std::string& name, std::uint64_t value, std::uint64_t lowest);

// Whether what the service has is what was asked for.
struct ComparedTypes {
    const char* what;  // "payload type"
    const wire::TypeDetail& has;
    const wire::TypeDetail& asked;
    wire::Refusal refusal;
};
Granted<void> compare_types(const Service& service, const ComparedTypes& types);

}  // namespace roudi
