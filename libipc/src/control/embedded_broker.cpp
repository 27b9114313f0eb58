// SPDX-License-Identifier: Apache-2.0
#include "embedded_broker.hpp"

#include "shm/fork_guard.hpp"

#include <mutex>
#include <roudi/embedded.hpp>

namespace ipc::control {

namespace {

std::mutex starting;
std::weak_ptr<roudi::EmbeddedBroker> running;
std::uint32_t running_in_generation = 0;  // a forked child has a copy, but not its thread

}  // namespace

tl::expected<BrokerConnection, std::string> connect_to_embedded_broker() {
    const std::lock_guard lock{starting};
    std::shared_ptr<roudi::EmbeddedBroker> broker;
    if (running_in_generation == shm::fork_generation()) broker = running.lock();
    if (!broker) {
        auto started = roudi::EmbeddedBroker::start();
        if (!started) return tl::unexpected{std::move(started.error())};
        broker = std::move(*started);
        running = broker;
        running_in_generation = shm::fork_generation();
    }
    auto socket = broker->connect();
    if (!socket) return tl::unexpected{std::string{"it accepts no connection"}};
    return BrokerConnection{.socket = std::move(socket),
                            .path = {},
                            .name = "the broker of this process",
                            .starts = false,
                            .embedded = std::move(broker)};
}

}  // namespace ipc::control
