// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace roudictl {
namespace {

struct Kind {
    const char* member;
    const char* heading;
};
constexpr std::array kinds{Kind{"payload_schema", "Payload schema"}, Kind{"request_schema", "Request schema"},
                           Kind{"response_schema", "Response schema"}};

// Ends of lines and tabs are the schema's own; all else comes from a process we know nothing of.
std::string printable_lines(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const auto length = std::min(text.find_first_of("\n\t"), text.size());
        std::string_view piece = text.substr(0, length);
        const bool ends_line = length < text.size() && text[length] == '\n';
        if (ends_line && piece.ends_with('\r')) piece.remove_suffix(1);
        shown += printable(piece);
        if (length < text.size()) shown += text[length];
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    if (!shown.ends_with('\n')) shown += '\n';
    return shown;
}

}  // namespace

std::string show_schemas(const Json& answer, const Style& style) {
    std::string text;
    for (const auto& service : list_of(answer, "services")) {
        const auto& settings = object_of(service, "settings");
        for (const auto& [member, heading] : kinds) {
            const auto& schema = object_of(settings, member);
            if (schema.empty()) continue;
            text += style.paint(Tone::Heading, heading) + ", " + printable(text_of(schema, "format")) +
                    ":\n" + printable_lines(text_of(schema, "text"));
        }
    }
    return text.empty() ? "Whoever created the service said nothing of its types.\n" : text;
}

}  // namespace roudictl
