// SPDX-License-Identifier: Apache-2.0
// How a type is described to others: what its header leaves to a function.
#include "layout/limits.hpp"

#include <ipc/detail/type_layout.hpp>
#include <ipc/detail/type_name.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace ipc::detail {

namespace {

bool is_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

struct Rewritten {
    std::string_view from;
    std::string to;
};

// Longer ones first.
const std::array<Rewritten, 13>& builtin_types() {
    static const std::array<Rewritten, 13> types{{{"unsigned long long", type_name<unsigned long long>()},
                                                  {"unsigned short", type_name<unsigned short>()},
                                                  {"unsigned char", type_name<unsigned char>()},
                                                  {"unsigned long", type_name<unsigned long>()},
                                                  {"unsigned int", type_name<unsigned int>()},
                                                  {"signed char", type_name<signed char>()},
                                                  {"long double", "long double"},
                                                  {"long long", type_name<long long>()},
                                                  {"double", type_name<double>()},
                                                  {"short", type_name<short>()},
                                                  {"float", type_name<float>()},
                                                  {"long", type_name<long>()},
                                                  {"int", type_name<int>()}}};
    return types;
}

// Which builtin type has 64 bits, and of which type a number in a template's arguments is, differs between
// 32 and 64 bits: "std::array<unsigned long, 4ul>" is "std::array<u64, 4>" everywhere.
std::string with_common_names(std::string_view name) {
    std::string result;
    while (!name.empty()) {
        const auto builtin =
            std::find_if(builtin_types().begin(), builtin_types().end(), [&](const auto& type) {
                return name.starts_with(type.from) &&
                       (name.size() == type.from.size() || !is_of_word(name[type.from.size()]));
            });
        if (builtin != builtin_types().end()) {
            result += builtin->to;
            name.remove_prefix(builtin->from.size());
            continue;
        }
        const auto word_end = std::find_if_not(name.begin(), name.end(), is_of_word);
        std::string_view word = name.substr(0, static_cast<std::size_t>(word_end - name.begin()));
        name.remove_prefix(std::max<std::size_t>(word.size(), 1));
        if (word.empty()) {
            result += *word_end;
            continue;
        }
        if (std::isdigit(static_cast<unsigned char>(word.front())) != 0)
            word = word.substr(0, word.find_last_not_of("ul") + 1);
        result += word;
    }
    return result;
}

}  // namespace

std::string demangled(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free};
    // What cannot be demangled is still a name.
    return name ? with_common_names(name.get()) : std::string{type.name()};
}

std::string shortened(std::string layout) {
    if (layout.size() <= layout::max_type_layout) return layout;
    std::uint64_t hash =
        14695981039346656037U;  // FNV-1a: to tell apart what two programs declare differently
    for (const char c : layout) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    const std::string end = "... " + std::to_string(hash);
    layout.resize(layout::max_type_layout - 32);
    return layout + end;
}

}  // namespace ipc::detail
