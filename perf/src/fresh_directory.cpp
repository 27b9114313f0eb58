// SPDX-License-Identifier: Apache-2.0
#include "fresh_directory.hpp"

#include <stdlib.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace bench {

std::filesystem::path fresh_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "ipc-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::system_error{errno, std::generic_category(), name};
    return name;
}

}  // namespace bench
