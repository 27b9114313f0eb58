// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "style.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace roudictl {

enum class Align : std::uint8_t { Left, Right };

// Text of a cell is made printable here, so that no caller can forget it.
class Cell {
 public:
    Cell(std::string_view text, Tone tone = Tone::Plain);
    Cell(const char* text) : Cell{std::string_view{text}} {}
    Cell(const std::string& text) : Cell{std::string_view{text}} {}

    const std::string& text() const { return text_; }
    Tone tone() const { return tone_; }

 private:
    std::string text_;
    Tone tone_;
};

// Columns as wide as their widest cell, two spaces between them, nothing at the end of a line.
class Table {
 public:
    void add_column(std::string heading, Align align = Align::Left);
    // A cell for each column.
    void add_row(std::vector<Cell> cells);

    bool empty() const { return rows_.empty(); }
    std::string render(const Style& style) const;

 private:
    struct Column {
        std::string heading;
        Align align;
        std::size_t width;
    };
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

// Names on the left, what they are on the right.
std::string render_pairs(const std::vector<std::pair<std::string, Cell>>& pairs, const Style& style);

}  // namespace roudictl
