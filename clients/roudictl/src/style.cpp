// SPDX-License-Identifier: Apache-2.0
#include "style.hpp"

#include <unistd.h>

#include <cstdlib>

namespace roudictl {
namespace {

std::string_view sequence(Tone tone) {
    switch (tone) {
        case Tone::Plain:
            return "";
        case Tone::Heading:
            return "\033[1m";
        case Tone::Name:
            return "\033[36m";
        case Tone::Faint:
            return "\033[2m";
        case Tone::Good:
            return "\033[32m";
        case Tone::Warning:
            return "\033[33m";
        case Tone::Bad:
            return "\033[31m";
    }
    return "";
}

}  // namespace

Style Style::for_descriptor(int descriptor) {
    const auto* no_color = std::getenv("NO_COLOR");
    const auto* term = std::getenv("TERM");
    const bool unwanted = no_color != nullptr && *no_color != '\0';
    const bool dumb = term != nullptr && std::string_view{term} == "dumb";
    return Style{!unwanted && !dumb && isatty(descriptor) == 1};
}

std::string Style::paint(Tone tone, std::string_view text) const {
    if (!coloured_ || tone == Tone::Plain || text.empty()) return std::string{text};
    return std::string{sequence(tone)} + std::string{text} + "\033[0m";
}

}  // namespace roudictl
