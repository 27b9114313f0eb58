// SPDX-License-Identifier: Apache-2.0
#include "crash/victim.hpp"

#include <signal.h>

#include <sstream>
#include <stdexcept>

namespace crash {

// Silent for a millisecond: it may wait for somebody.
std::string Victim::hear(const Relief& relief) const {
    for (int silent_ms = 0; !begetter_.line.has_message(); ++silent_ms) {
        if (silent_ms == harness::patience_ms) throw std::runtime_error{"a victim waits for ever"};
        relief();
    }
    return begetter_.hear();
}

void Victim::prepare(const std::string& operation, std::uint64_t last_step,
                     std::chrono::nanoseconds creation_bound, const Relief& relief) {
    begetter_.tell(operation + " " + socket_ + " " + std::to_string(last_step) + " " +
                   std::to_string(creation_bound.count()));
    std::istringstream words{said_ = hear(relief)};
    std::string first;
    if (!(words >> first >> pid_ >> done_) || first != "ready") throw std::runtime_error{said_};
}

bool Victim::go_on(const Relief& relief) {
    begetter_.tell("go");
    said_ = hear(relief);
    if (said_.starts_with("halted")) return true;
    if (said_.starts_with("done")) return false;
    throw std::runtime_error{said_};
}

void Victim::die() {
    ::kill(pid_, SIGKILL);
    begetter_.expect("killed");
}

}  // namespace crash
