// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace roudictl {

enum class Verdict : std::uint8_t { Ok, Warn, Fail };

struct Finding {
    Verdict verdict;
    std::string subject;
    std::string text;    // how it is
    std::string advice;  // what to do; empty where all is well
};

using Findings = std::vector<Finding>;

}  // namespace roudictl
