// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bench {

// How one waits for the next message: asking again and again, or sleeping.
enum class Waiting : bool { polling, sleeping };

// What the numbers of sent and received messages are, whichever way one waits.
struct Numbers {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
};

// A contestant as a messenger of exchange.hpp.
template <class Peer, Waiting waiting>
class Conversation {
 public:
    Conversation(Peer& peer, Numbers& numbers) : peer_{peer}, numbers_{numbers} {}

    void send() { peer_.send(numbers_.sent++); }
    bool receive() {
        if constexpr (waiting == Waiting::sleeping)
            peer_.wait(numbers_.received);
        else if (!peer_.receive(numbers_.received))
            return false;
        ++numbers_.received;
        return true;
    }

 private:
    Peer& peer_;
    Numbers& numbers_;
};

}  // namespace bench
