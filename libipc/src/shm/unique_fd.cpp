// SPDX-License-Identifier: Apache-2.0
#include "unique_fd.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace ipc::shm {

// close() has given the number back even where it reports an error, so there is nothing to repeat.
void UniqueFd::reset() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

UniqueFd UniqueFd::duplicate() const {
    return UniqueFd{::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0)};
}

}  // namespace ipc::shm
