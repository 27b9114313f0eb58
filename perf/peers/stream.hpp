// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checked.hpp"
#include "touch.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace bench {

// Messages of one size over a stream of bytes, which may take and give them in pieces.
class Stream {
 public:
    explicit Stream(std::size_t payload) : out_(payload), in_(payload) {}

    // `write(bytes, size)` returns how many it took, at least one.
    template <class Write>
    void send(std::uint64_t number, Write&& write) {
        write_payload(out_, number);
        for (std::size_t sent = 0; sent < out_.size();)
            sent += static_cast<std::size_t>(write(&out_[sent], out_.size() - sent));
    }

    // `read(bytes, size)` is as read(2). False until the message is whole.
    template <class Read>
    bool receive(std::uint64_t number, Read&& read) {
        const auto length = read(&in_[received_], in_.size() - received_);
        if (!ready(length, "read")) return false;
        if (length == 0) throw std::runtime_error{"the other side is gone"};
        received_ += static_cast<std::size_t>(length);
        if (received_ < in_.size()) return false;
        received_ = 0;
        check_payload(in_, number);
        return true;
    }

 private:
    std::vector<std::byte> out_;
    std::vector<std::byte> in_;
    std::size_t received_ = 0;
};

}  // namespace bench
