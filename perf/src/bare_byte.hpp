// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace bench {

// The yardstick: a byte through a socket pair to a thread that is blocked, in read or in epoll_wait. What the
// kernel takes to wake somebody.
class BareByte {
 public:
    enum class Wait : bool { read, epoll };

    // Before the fork: both processes have both ends.
    explicit BareByte(Wait wait);
    BareByte(const BareByte&) = delete;
    BareByte& operator=(const BareByte&) = delete;
    ~BareByte();

    void send() const;
    template <class Awake>
    void sleep(Awake&& awake) const {
        receive();
        awake();
    }

 private:
    void receive() const;

    Wait wait_;
    std::array<int, 2> ends_{-1, -1};
    int epoll_ = -1;
};

}  // namespace bench
