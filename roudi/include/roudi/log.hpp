// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace roudi {

// Where the broker's lines go. An interface, so that a process that embeds the broker needs no log library.
class Log {
 public:
    enum class Level : std::uint8_t { Debug, Info, Warning, Error, Off };
    static constexpr std::array<std::string_view, 5> level_names{"debug", "info", "warning", "error", "off"};

    virtual ~Log() = default;

    void debug(std::string_view line) { write(Level::Debug, line); }
    void info(std::string_view line) { write(Level::Info, line); }
    void warning(std::string_view line) { write(Level::Warning, line); }
    void error(std::string_view line) { write(Level::Error, line); }

 protected:
    virtual void emit(Level level, const std::string& line) = 0;

 private:
    // Lines quote what clients chose: a line break in a name must not look like another line of ours.
    void write(Level level, std::string_view text) {
        std::string line{text};
        for (char& character : line) {
            if (static_cast<unsigned char>(character) < ' ' || character == '\x7f') character = '?';
        }
        emit(level, line);
    }
};

}  // namespace roudi
