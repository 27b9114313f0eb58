// SPDX-License-Identifier: Apache-2.0
// Prints the numbers that the publisher sends, from a loop of the application's own.
#include <ipc/ipc.hpp>

#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <csignal>
#include <cstdint>
#include <iostream>

int main() {
    // Before the node, whose control thread inherits it: the signals come through a descriptor.
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
    const int signals = ::signalfd(-1, &mask, SFD_CLOEXEC);

    auto node = ipc::NodeBuilder{}
                    .name("epoll subscriber")
                    .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
                    .create()
                    .value();
    auto service = node.service_builder("My/Funk/ServiceName")
                       .publish_subscribe<std::uint64_t>()
                       .open_or_create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();

    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    for (const int descriptor : {subscriber.file_descriptor().value(), signals}) {
        epoll_event wanted{.events = EPOLLIN, .data = {.fd = descriptor}};
        ::epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &wanted);
    }

    while (true) {
        epoll_event event{};
        if (::epoll_wait(loop, &event, 1, -1) < 1) continue;
        if (event.data.fd == signals) break;
        // Readable for as long as something can be received: one by one would do as well.
        while (auto sample = subscriber.receive().value()) std::cout << "received " << **sample << std::endl;
    }
}
