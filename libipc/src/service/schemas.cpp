// SPDX-License-Identifier: Apache-2.0
#include "schemas.hpp"

#include "layout/limits.hpp"
#include "service/names.hpp"

#include <algorithm>

namespace ipc::detail {

namespace {

// They would take six bytes each on their way to the broker, and a frame has to hold the longest schema.
bool is_control(char character) {
    return static_cast<unsigned char>(character) < ' ' && character != '\n' && character != '\r' &&
           character != '\t';
}

std::optional<std::string> why_no_plain_text(const std::string& subject, const std::string& text,
                                             std::uint64_t longest) {
    if (auto wrong = why_no_text(subject, text, 1, longest)) return wrong;
    const auto control = std::find_if(text.begin(), text.end(), is_control);
    if (control == text.end()) return std::nullopt;
    return subject + " has a control character at byte " + std::to_string(control - text.begin()) +
           ", and only ends of lines and tabs are allowed";
}

}  // namespace

std::optional<wire::Schema> to_wire(const std::optional<Schema>& schema) {
    if (!schema) return std::nullopt;
    return wire::Schema{.format = schema->format, .text = schema->text};
}

std::optional<Schema> from_wire(const std::optional<wire::Schema>& schema) {
    if (!schema) return std::nullopt;
    return Schema{.format = schema->format, .text = schema->text};
}

std::optional<std::string> why_invalid(const std::string& what, const std::optional<Schema>& schema) {
    if (!schema) return std::nullopt;
    if (auto wrong =
            why_no_plain_text("the format's name of the " + what, schema->format, layout::max_schema_format))
        return wrong;
    return why_no_plain_text("the text of the " + what, schema->text, layout::max_schema_text);
}

}  // namespace ipc::detail
