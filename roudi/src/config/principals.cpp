// SPDX-License-Identifier: Apache-2.0
#include "config/principals.hpp"

#include "text/number.hpp"

#include <grp.h>
#include <pwd.h>

#include <array>

namespace roudi {

namespace {

constexpr std::size_t entry_size = 64 * 1024;  // a group lists its members

std::optional<std::uint32_t> number(const std::string& text) {
    const auto value = number_in<std::uint32_t>(text);
    // The highest one means "none" to the kernel.
    return value == ~std::uint32_t{0} ? std::nullopt : value;
}

}  // namespace

std::optional<std::uint32_t> user_id(const std::string& name) {
    if (const auto id = number(name)) return id;
    std::array<char, entry_size> text;
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return entry.pw_uid;
}

std::optional<std::uint32_t> group_id(const std::string& name) {
    if (const auto id = number(name)) return id;
    std::array<char, entry_size> text;
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return entry.gr_gid;
}

}  // namespace roudi
