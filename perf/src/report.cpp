// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "machine.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace bench {

namespace {

std::string cell(const Rows& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return "-";
    if (!value.is_number_float()) return value.dump();
    const double number = value.get<double>();
    char text[32];
    std::snprintf(text, sizeof text, std::abs(number) >= 100 ? "%.0f" : "%.2f", number);
    return text;
}

std::string padded(const std::string& text, std::size_t width, bool left) {
    const std::string space(width - std::min(width, text.size()), ' ');
    return left ? text + space : space + text;
}

void print_table(const Rows& rows) {
    if (rows.empty()) return;
    std::vector<std::vector<std::string>> lines(1);
    for (const auto& [name, value] : rows.front().items()) {
        std::string heading = name;
        std::replace(heading.begin(), heading.end(), '_', ' ');
        lines.front().push_back(heading);
    }
    for (const Rows& row : rows) {
        lines.emplace_back();
        for (const Rows& value : row) lines.back().push_back(cell(value));
    }
    std::vector<std::size_t> widths(lines.front().size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool left = rows.front().begin().value().is_string() && i == 0;
            std::cout << (i == 0 ? "" : "  ") << padded(line[i], widths[i], left);
        }
        std::cout << '\n';
    }
}

}  // namespace

void print(std::string_view title, const Rows& rows, const Options& options) {
    if (options.json) {
        std::cout << rows.dump(2) << '\n';
        return;
    }
    std::cout << title << '\n' << machine() << "\n\n";
    print_table(rows);
    std::cout << std::flush;
}

}  // namespace bench
