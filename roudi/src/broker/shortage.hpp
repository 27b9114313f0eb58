// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rejection.hpp"
#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

namespace roudi {

// A system call of the broker's own failed: what the client that needed it is told.
Rejection shortage(const shm::SystemError& error);

// Likewise, of a segment in huge pages of 2 MiB.
Rejection no_huge_pages(const shm::SystemError& error);

// Another descriptor of the same open file.
Granted<shm::UniqueFd> duplicate(const shm::UniqueFd& descriptor);

}  // namespace roudi
