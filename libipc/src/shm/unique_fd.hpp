// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

namespace ipc::shm {

// Owns a file descriptor.
class UniqueFd {
 public:
    UniqueFd() = default;
    explicit UniqueFd(int descriptor) : descriptor_{descriptor} {}
    UniqueFd(UniqueFd&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        if (this != &other) {
            reset();
            descriptor_ = std::exchange(other.descriptor_, -1);
        }
        return *this;
    }
    ~UniqueFd() { reset(); }

    int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }
    int release() { return std::exchange(descriptor_, -1); }
    void reset();
    // A second descriptor of the same open file, close-on-exec; empty if there are none left (errno tells).
    UniqueFd duplicate() const;

 private:
    int descriptor_ = -1;
};

}  // namespace ipc::shm
