// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "port/waiting.hpp"

#include <tl/expected.hpp>

#include <cstdint>

namespace ipc::port {

// What a wait set has of a receiving port: the port itself, as long as it is attached, wherever its handle is
// moved to, and also when that is gone.
class WaitSource {
 public:
    enum class Look : std::uint8_t {
        something_there,  // and the descriptor is readable, if it was before
        quiet,            // it becomes readable when something comes
        ended,            // nothing will come any more
    };

    // The descriptor to sleep on, readable for a first look; asks the broker where the port has none yet.
    virtual tl::expected<int, control::CallFailure> attach() = 0;
    // When the descriptor is readable: whether something can be received. If not, the port lies down, so that
    // its descriptor is quiet.
    virtual Look look() = 0;
    // When to look again although nobody woke it, after a look that found it quiet: Deadline::max() where
    // wake-ups can be relied on.
    virtual Deadline next_look() const = 0;
    // Makes the descriptor readable: for what such a look found.
    virtual void wake() = 0;

 protected:
    ~WaitSource() = default;
};

}  // namespace ipc::port
