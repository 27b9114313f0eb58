// SPDX-License-Identifier: Apache-2.0
#include "watch.hpp"

#include <signal.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <ostream>

namespace roudictl {
namespace {

// Without what changes by itself.
Json what_matters(Json answer) {
    if (answer.contains("broker") && answer["broker"].is_object()) answer["broker"].erase("uptime_s");
    return answer;
}

// Erases what is left of each old line, and the old lines below: clearing the whole screen first would
// flicker.
std::string over_the_last(const std::string& text) {
    std::string drawn = "\033[H";
    for (const char letter : text) {
        if (letter == '\n') drawn += "\033[K";
        drawn += letter;
    }
    return drawn + "\033[J";
}

// False once somebody wants us to end.
bool pause(double seconds) {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    const auto whole = static_cast<std::time_t>(seconds);
    const timespec duration{whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
    return sigtimedwait(&ending, nullptr, &duration) < 0;
}

}  // namespace

tl::expected<void, Unanswered> watch(Broker& broker, const CommandLine& command, const Style& style,
                                     bool on_terminal, std::ostream& out) {
    const bool redraw = on_terminal && !command.json;
    if (redraw) out << "\033[2J";
    std::optional<Json> shown_last;
    do {
        const auto answer = query(broker, command);
        if (!answer) return tl::unexpected{answer.error()};
        auto matters = what_matters(*answer);
        if (matters == shown_last && !redraw) continue;
        const auto text = render(*answer, command, style);
        if (redraw) {
            out << over_the_last(text);
        } else {
            if (shown_last && !command.json) out << '\n';
            out << text;
        }
        shown_last = std::move(matters);
        if (!out.flush()) return {};
    } while (pause(*command.watch_seconds));
    return {};
}

}  // namespace roudictl
