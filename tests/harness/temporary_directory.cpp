// SPDX-License-Identifier: Apache-2.0
#include "temporary_directory.hpp"

#include <stdlib.h>

#include <stdexcept>
#include <string>
#include <system_error>

namespace harness {

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "roudi-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary directory: " + name};
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;  // what is left in the system's place for temporary files, the system removes
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace harness
