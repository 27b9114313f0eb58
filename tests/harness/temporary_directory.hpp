// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace harness {

// A fresh directory, removed with everything in it at the end.
class TemporaryDirectory {
 public:
    TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();

    const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

}  // namespace harness
