// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipc::detail {

// Why a text is not one of UTF-8, without NUL, of so many bytes, as a sentence about the subject; nothing if
// it is.
std::optional<std::string> why_no_text(const std::string& subject, std::string_view text,
                                       std::uint64_t shortest, std::uint64_t longest);

// What is wrong with a name, as a sentence; nothing if it is fine. `what` is "service", "node", …
std::optional<std::string> why_invalid(std::string_view what, std::string_view name, std::uint64_t shortest,
                                       std::uint64_t longest);

}  // namespace ipc::detail
