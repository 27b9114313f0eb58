// SPDX-License-Identifier: Apache-2.0
#include "uuid.hpp"

#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace ipc::wire {

namespace {

constexpr std::size_t digits = 32;
constexpr std::string_view alphabet = "0123456789abcdef";

}  // namespace

Uuid Uuid::random() {
    Uuid id;
    // Up to 256 bytes come whole once the kernel's pool is seeded, which it is long before any of this runs.
    if (::getrandom(&id, sizeof id, 0) != sizeof id) std::abort();
    return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != digits) return std::nullopt;
    std::array<std::uint64_t, 2> halves{};
    for (std::size_t i = 0; i < digits; ++i) {
        const auto value = alphabet.find(text[i]);
        if (value == std::string_view::npos) return std::nullopt;
        auto& half = halves[i / 16];
        half = half << 4 | value;
    }
    return Uuid{.high = halves[0], .low = halves[1]};
}

std::string Uuid::text() const {
    std::string text(digits, '0');
    for (std::size_t i = 0; i < digits; ++i) {
        const auto half = i < 16 ? high : low;
        text[i] = alphabet[half >> (60 - 4 * (i % 16)) & 0xf];
    }
    return text;
}

}  // namespace ipc::wire
