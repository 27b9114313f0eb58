// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/memory_file.hpp"
#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace roudi {

namespace shm = ipc::shm;

// Descriptors that a client presents: each is what it is said to be, or the error says what it is instead.
// Nothing is asked of a file before it is known that answering is the kernel's own business: another one's
// file system may let the broker wait for ever.
class PresentedFiles {
 public:
    static tl::expected<PresentedFiles, shm::SystemError> create();

    struct Expected {
        std::string name;
        int seals = 0;
        std::uint64_t size = 0;    // 0: whatever it is
        bool may_be_huge = false;  // it may lie in huge pages
    };
    // A memory file of the broker's user, in the kernel's own tmpfs, or its own huge pages. One for a single
    // writer, which was not sealed yet when the last broker ended, is sealed.
    tl::expected<shm::MemoryFile, std::string> memory_file(shm::UniqueFd descriptor,
                                                           const Expected& expected) const;

 private:
    dev_t tmpfs_ = 0;
};

}  // namespace roudi
