// SPDX-License-Identifier: Apache-2.0
#include "broker/client.hpp"

#include <poll.h>

namespace roudi {

bool Client::is_alive() const {
    pollfd death{.fd = pidfd().get(), .events = POLLIN, .revents = 0};
    return ::poll(&death, 1, 0) != 1;
}

}  // namespace roudi
