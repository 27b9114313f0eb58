// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/messages.hpp"

#include <optional>
#include <string>

namespace ipc::port {

// Why a connection that the broker offers a client or a server is none of this service's; nothing where it
// is.
std::optional<std::string> why_unfit_for(const wire::ConnectionOffered& offered,
                                         const wire::RequestResponseSettings& settings);

}  // namespace ipc::port
