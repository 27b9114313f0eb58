// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace ipc {

// Which broker a node talks to, and how long it is patient. A plain value: copy it and change what you need.
struct Config {
    // The broker's socket, a path of at most 107 bytes. Empty: ROUDI_SOCKET, else
    // /run/roudi/roudi.sock, else $XDG_RUNTIME_DIR/roudi/roudi.sock (or /tmp/roudi-UID/roudi.sock where there
    // is no such variable). Where a socket is named, here or by ROUDI_SOCKET, no other one is tried.
    std::string socket;

    // NAME means …/roudi/NAME.sock in the same places, so that programs of different domains do not see each
    // other. Ignored where `socket` is set.
    std::string domain;

    // Whether to start a broker for this user where none answers and no system broker is installed. The
    // environment can switch it off too: ROUDI_AUTOSTART=0.
    bool autostart = true;
    // The program to start. Empty: ROUDI_EXECUTABLE, else where the library was installed to, beside the
    // library, in PATH.
    std::string broker_executable;
    // A broker that was started that way ends itself after it had no client for so long.
    std::chrono::seconds autostart_idle_exit{60};

    // How long a request may wait for the broker's answer, and for a broker where it has just gone: a node
    // comes back to one by itself.
    std::chrono::nanoseconds timeout{std::chrono::seconds{5}};
    // How long creating a port waits for a counterpart that does not take up the connection (because it is
    // stopped, for example). The port is created all the same.
    std::chrono::nanoseconds creation_bound{std::chrono::milliseconds{100}};

    // Whether senders may leave out their fence and let who goes to sleep pay for it (membarrier): that
    // interrupts every running thread of the process for a moment. Off: each send pays a fence.
    bool membarrier = true;
};

}  // namespace ipc
