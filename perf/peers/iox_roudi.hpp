// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server_program.hpp"

namespace bench {

// The broker of iceoryx classic, with its default configuration.
class IoxRouDi {
 public:
    IoxRouDi();
    IoxRouDi(const IoxRouDi&) = delete;
    IoxRouDi& operator=(const IoxRouDi&) = delete;
    // Asked to end, it would end those that are registered with it, this process among them. So it is killed,
    // and what it leaves behind is removed.
    ~IoxRouDi();

 private:
    ServerProgram program_;
};

}  // namespace bench
