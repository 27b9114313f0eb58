// SPDX-License-Identifier: Apache-2.0
#include "iox_roudi.hpp"

#include <grp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace bench {

IoxRouDi::IoxRouDi()
    : program_{{"iox-roudi", "--log-level", "error"}, "RouDi is ready for clients", SIGKILL} {}

IoxRouDi::~IoxRouDi() {
    if (!program_.is_ours()) return;
    shm_unlink("/iceoryx_mgmt");
    // Its segment of payloads is called after the group.
    if (const group* const of_this_process = getgrgid(getegid()))
        shm_unlink((std::string{"/"} + of_this_process->gr_name).c_str());
}

}  // namespace bench
