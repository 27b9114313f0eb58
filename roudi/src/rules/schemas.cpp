// SPDX-License-Identifier: Apache-2.0
#include "rules/schemas.hpp"

#include "layout/limits.hpp"
#include "rules/description.hpp"
#include "rules/range.hpp"

#include <algorithm>
#include <string_view>

namespace roudi {

namespace layout = ipc::layout;

namespace {

std::string describe(const wire::Schema& schema) {
    return "\"" + schema.format + "\" of " + std::to_string(schema.text.size()) + " bytes";
}

// A line of a schema, as far as a message can quote it.
std::string quoted_line(std::string_view text, std::size_t begin) {
    constexpr std::size_t longest = 80;
    const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    if (line.size() <= longest) return std::string{'"'}.append(line) + '"';
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80)
        --end;  // not within a character
    return std::string{'"'}.append(line.substr(0, end)) + "…\"";
}

// Says where two texts differ first.
std::string first_difference(const std::string& has, const std::string& asked) {
    const auto differs = std::mismatch(has.begin(), has.end(), asked.begin(), asked.end()).first;
    const auto before = std::string_view{has}.substr(0, static_cast<std::size_t>(differs - has.begin()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t begin = before.rfind('\n') + 1;
    return "in line " + std::to_string(line) + ", " + quoted_line(has, begin) + " and " +
           quoted_line(asked, begin);
}

}  // namespace

Granted<void> check_schema(const std::string& what, const std::optional<wire::Schema>& schema) {
    if (!schema) return {};
    const std::string format = "length of the format's name of the " + what;
    const std::string text = "length of the text of the " + what;
    if (auto fine = check_range({.name = format.c_str(),
                                 .value = schema->format.size(),
                                 .lowest = 1,
                                 .highest = layout::max_schema_format});
        !fine)
        return fine;
    return check_range({.name = text.c_str(),
                        .value = schema->text.size(),
                        .lowest = 1,
                        .highest = layout::max_schema_text});
}

Granted<void> compare_schemas(const Service& service, const ComparedSchemas& schemas) {
    if (!schemas.has || !schemas.asked || *schemas.has == *schemas.asked) return {};
    std::string message = describe(service) + " has the " + schemas.what + " " + describe(*schemas.has) +
                          ", and the " + schemas.what + " asked for is " + describe(*schemas.asked);
    if (schemas.has->format == schemas.asked->format)
        message += ": they differ first " + first_difference(schemas.has->text, schemas.asked->text);
    return reject(schemas.refusal, std::move(message));
}

}  // namespace roudi
