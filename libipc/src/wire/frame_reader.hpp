// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/frame.hpp"

#include <tl/expected.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ipc::wire {

// Puts frames together from what a stream socket gives, a few bytes or many at a time.
class FrameReader {
 public:
    explicit FrameReader(std::size_t longest_frame, std::size_t most_descriptors = max_descriptors)
        : longest_frame_{longest_frame}, most_descriptors_{most_descriptors} {}

    enum class Progress : std::uint8_t {
        Some,     // bytes came; frames may be complete
        Nothing,  // the socket would block
        Closed,   // the peer is gone
    };

    // One recvmsg that does not block. A length over the limit, more descriptors than a frame may carry, or
    // descriptors that came without a frame are a violation.
    tl::expected<Progress, Violation> receive(int socket);

    // The next whole frame, if there is one.
    tl::expected<std::optional<Frame>, Violation> next();

    // A frame was begun whose rest has not come.
    bool has_part_of_a_frame() const { return buffer_.size() > consumed_; }

    // Descriptors that came and were not given out yet.
    std::size_t waiting_descriptors() const { return arrived_.size(); }
    template <class Predicate>
    bool all_waiting(Predicate&& predicate) const {
        return std::all_of(arrived_.begin(), arrived_.end(), predicate);
    }
    std::vector<shm::UniqueFd> take_waiting();

 private:
    std::size_t longest_frame_;
    std::size_t most_descriptors_;  // of one frame
    std::string buffer_;
    std::size_t consumed_ = 0;  // bytes of buffer_ that were given out

    // Descriptors in the order they came. A recvmsg can bring bytes of earlier frames along with the
    // descriptors of a later one, so it is the frame's header that says how many are its own.
    std::deque<shm::UniqueFd> arrived_;
};

}  // namespace ipc::wire
