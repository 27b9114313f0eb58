// SPDX-License-Identifier: Apache-2.0
#include "rules/service_hash.hpp"

#include "wire/uuid.hpp"

#include <cstdint>

namespace roudi {

namespace {

std::uint64_t fnv1a(std::uint64_t hash, std::string_view text) {
    constexpr std::uint64_t prime = 0x100000001b3;
    for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * prime;
    return hash;
}

}  // namespace

std::string service_hash(std::string_view pattern, std::string_view name) {
    constexpr std::uint64_t standard_basis = 0xcbf29ce484222325;
    constexpr std::uint64_t second_basis = 0x9ae16a3b2f90404f;
    // The NUL keeps ("a", "bc") and ("ab", "c") apart: neither half contains one.
    const std::string key = std::string{pattern} + '\0' + std::string{name};
    return ipc::wire::Uuid{.high = fnv1a(standard_basis, key), .low = fnv1a(second_basis, key)}.text();
}

}  // namespace roudi
