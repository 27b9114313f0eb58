// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace roudictl {

// What a piece of text means, not what colour it has.
enum class Tone : std::uint8_t { Plain, Heading, Name, Faint, Good, Warning, Bad };

class Style {
 public:
    explicit Style(bool coloured) : coloured_{coloured} {}

    // Colour for a terminal; none where the output is piped, TERM is dumb, or NO_COLOR is set and not empty
    // (no-color.org).
    static Style for_descriptor(int descriptor);

    std::string paint(Tone tone, std::string_view text) const;

 private:
    bool coloured_;
};

}  // namespace roudictl
