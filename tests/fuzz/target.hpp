// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

namespace fuzz {

// What a fuzzer makes of one input. It returns, or the process ends.
struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
};

inline std::vector<Target>& targets() {
    static std::vector<Target> all;
    return all;
}

struct Registration {
    explicit Registration(const Target& target) { targets().push_back(target); }
};

// What must hold, whatever the input was.
inline void check(bool holds, std::string_view what) {
    if (holds) return;
    std::cerr << "violated: " << what << '\n';
    std::abort();
}

// Takes an input apart; gives zeros behind its end.
class Bytes {
 public:
    explicit Bytes(std::string_view input) : rest_{input} {}

    bool empty() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::uint64_t number(int bytes) {
        std::uint64_t value = 0;
        while (bytes-- > 0) value = value << 8 | byte();
        return value;
    }

 private:
    std::string_view rest_;
};

}  // namespace fuzz

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): a name becomes a function and its entry.
#define FUZZ_TARGET(name)                                                     \
    static void fuzz_##name(std::string_view input);                          \
    static const fuzz::Registration registered_##name{{#name, &fuzz_##name}}; \
    static void fuzz_##name(std::string_view input)
