// SPDX-License-Identifier: Apache-2.0
#include "asker.hpp"

#include "node.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <system_error>

namespace bench {

Call::Call() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::system_error{errno, std::generic_category(), "pipe"};
}

Call::~Call() {
    for (const int end : ends_) close(end);
}

void Call::give() const {
    const char word = 0;
    if (write(ends_[1], &word, 1) != 1) throw std::system_error{errno, std::generic_category(), "write"};
}

void Call::take() const {
    char word = 0;
    if (read(ends_[0], &word, 1) != 1) throw std::system_error{errno, std::generic_category(), "read"};
}

bool Call::take(std::chrono::milliseconds timeout) const {
    pollfd watch{.fd = ends_[0], .events = POLLIN, .revents = 0};
    if (poll(&watch, 1, static_cast<int>(timeout.count())) != 1) return false;
    take();
    return true;
}

Asker::Asker(const BrokerProgram& broker, SharedMemory& memory, const Wish& wish)
    : done_ns_{memory.make<Word>()}, process_{[&](const std::function<void()>& ready) {
          const auto node = make_node(broker.socket());
          ready();
          for (int i = 0;; ++i) {
              asked_.take();
              wish(node, "ipc-bench/asked/" + std::to_string(i), [this] {
                  const std::chrono::nanoseconds now{std::chrono::steady_clock::now().time_since_epoch()};
                  done_ns_.store(static_cast<std::uint64_t>(now.count()));
                  done_.give();
                  dismissed_.take();
              });
          }
      }} {}

std::chrono::steady_clock::time_point Asker::wait() const {
    constexpr std::chrono::seconds longer_than_a_nodes_timeout{20};
    if (!done_.take(longer_than_a_nodes_timeout))
        throw std::runtime_error{"a node did not get what it asked for"};
    return std::chrono::steady_clock::time_point{std::chrono::nanoseconds{done_ns_.load()}};
}

}  // namespace bench
