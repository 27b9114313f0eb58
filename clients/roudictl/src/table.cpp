// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include "text.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace roudictl {
namespace {

std::string aligned(const std::string& painted, std::size_t shown, std::size_t width, Align align) {
    const std::string gap(width - shown, ' ');
    return align == Align::Left ? painted + gap : gap + painted;
}

void end_line(std::string& text) {
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

}  // namespace

Cell::Cell(std::string_view text, Tone tone) : text_{printable(text)}, tone_{tone} {}

void Table::add_column(std::string heading, Align align) {
    const auto width = display_width(heading);
    columns_.push_back({std::move(heading), align, width});
}

void Table::add_row(std::vector<Cell> cells) {
    assert(cells.size() == columns_.size());
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        columns_[at].width = std::max(columns_[at].width, display_width(cells[at].text()));
    }
    rows_.push_back(std::move(cells));
}

std::string Table::render(const Style& style) const {
    std::string text;
    const auto add_line = [&](auto&& cell_at, auto&& tone_at) {
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            const auto& [heading, align, width] = columns_[at];
            const std::string& shown = cell_at(at);
            if (at > 0) text += "  ";
            text += aligned(style.paint(tone_at(at), shown), display_width(shown), width, align);
        }
        end_line(text);
    };
    add_line([&](std::size_t at) -> const std::string& { return columns_[at].heading; },
             [](std::size_t) { return Tone::Heading; });
    for (const auto& row : rows_) {
        add_line([&](std::size_t at) -> const std::string& { return row[at].text(); },
                 [&](std::size_t at) { return row[at].tone(); });
    }
    return text;
}

std::string render_pairs(const std::vector<std::pair<std::string, Cell>>& pairs, const Style& style) {
    std::size_t width = 0;
    for (const auto& [name, value] : pairs) width = std::max(width, display_width(name));
    std::string text;
    for (const auto& [name, value] : pairs) {
        text += aligned(style.paint(Tone::Heading, name), display_width(name), width, Align::Left) + "  " +
                style.paint(value.tone(), value.text());
        end_line(text);
    }
    return text;
}

}  // namespace roudictl
