// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"
#include "table.hpp"

namespace roudictl {
namespace {

// Keys of nested objects are joined by dots, as they are in `sources`.
void add_rows(Table& table, const Json& values, const std::string& prefix, const Json& sources) {
    for (const auto& [key, value] : values.items()) {
        const auto name = prefix.empty() ? key : prefix + "." + key;
        if (value.is_object() && !value.empty()) {
            add_rows(table, value, name, sources);
        } else {
            table.add_row(
                {Cell{name, Tone::Name}, shown(value), Cell{text_of(sources, name.c_str()), Tone::Faint}});
        }
    }
}

}  // namespace

std::string show_config(const Json& answer, const Style& style) {
    Table table;
    for (const auto* heading : {"KEY", "VALUE", "FROM"}) table.add_column(heading);
    add_rows(table, object_of(answer, "config"), "", object_of(answer, "sources"));
    return table.render(style);
}

}  // namespace roudictl
