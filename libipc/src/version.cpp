// SPDX-License-Identifier: Apache-2.0
#include <ipc/version.hpp>

namespace ipc {

const char* version() noexcept {
    return LIBIPC_VERSION;
}

}  // namespace ipc
