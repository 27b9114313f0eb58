// SPDX-License-Identifier: Apache-2.0
#include <ipc/ipc.hpp>

#include <cstdint>
#include <iostream>

int main() {
    auto node = ipc::NodeBuilder{}.name("consumer").create().value();
    auto service =
        node.service_builder("installed").publish_subscribe<std::uint64_t>().open_or_create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().create().value();
    publisher.send_copy(1234).value();
    const auto sample = subscriber.receive().value();
    if (!sample || **sample != 1234) return 1;
    std::cout << "libipc " << ipc::version() << " delivered " << **sample << '\n';
}
