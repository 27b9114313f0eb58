// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace bench {

// An empty directory for one run; whoever asks removes it. std::system_error where there can be none.
std::filesystem::path fresh_directory();

}  // namespace bench
