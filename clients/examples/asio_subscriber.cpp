// SPDX-License-Identifier: Apache-2.0
// Prints the numbers that the publisher sends, from a coroutine of a Boost.Asio loop.
#include <ipc/ipc.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> receive(ipc::Subscriber<std::uint64_t>& subscriber) {
    // Asio closes what it is given, so it gets a copy; it never reads it.
    asio::posix::stream_descriptor readable{co_await asio::this_coro::executor,
                                            ::dup(subscriber.file_descriptor().value())};
    while (true) {
        while (auto sample = subscriber.receive().value()) std::cout << "received " << **sample << std::endl;
        co_await readable.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    }
}

int main() {
    // The signals are the loop's business.
    auto node = ipc::NodeBuilder{}
                    .name("asio subscriber")
                    .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
                    .create()
                    .value();
    auto service = node.service_builder("My/Funk/ServiceName")
                       .publish_subscribe<std::uint64_t>()
                       .open_or_create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();

    asio::io_context loop;
    asio::signal_set signals{loop, SIGINT, SIGTERM};
    signals.async_wait([&](const auto&, int) { loop.stop(); });
    asio::co_spawn(loop, receive(subscriber), asio::detached);
    loop.run();
}
