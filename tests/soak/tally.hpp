// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace soak {

// What is verified.
enum class Kind : std::size_t { kept, latest, request, response, notification };
inline constexpr std::array<const char*, 5> name_of_kinds{
    "samples that wait for room", "samples of the latest", "requests", "responses", "notifications"};

// What all processes have verified and found, in a file that all of them have mapped: so what one said before
// it was killed still counts.
class Tally {
 public:
    // Made, if it is not there.
    explicit Tally(const std::filesystem::path& file);
    Tally(const Tally&) = delete;
    Tally& operator=(const Tally&) = delete;
    ~Tally();

    void verified(Kind kind, std::uint64_t count = 1);
    // Counts it, and keeps the first ones.
    void found(std::string_view violation);
    // What has to hold.
    void demand(bool holds, std::string_view violation) {
        if (!holds) found(violation);
    }

    std::uint64_t count_of(Kind kind) const;
    std::uint64_t violations() const;
    std::vector<std::string> first_violations() const;

 private:
    struct Words;
    Words* words_;
};

}  // namespace soak
