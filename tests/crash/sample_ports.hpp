// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/mortal.hpp"
#include "crash/travel.hpp"

#include <poll.h>

#include <array>
#include <cstdint>
#include <optional>

// The ports of publishers and subscribers that die.
namespace crash {

template <class Payload>
auto service_of(Mortal& mortal) {
    return mortal.node()
        .service_builder(Travel<Payload>::service)
        .template publish_subscribe<typename Travel<Payload>::Type>()
        .open()
        .value();
}

template <class Payload>
class Writer {
 public:
    using Port = ipc::Publisher<typename Travel<Payload>::Type>;

    explicit Writer(Mortal& mortal) : port{made(mortal)} {}
    void send(std::uint64_t samples = 1) {
        for (; samples > 0; --samples)
            (void)Travel<Payload>::send(port, Payload::of(Author::mortal, ++number_));
    }
    Port port;

 private:
    static Port made(Mortal& mortal) {
        auto builder = service_of<Payload>(mortal).publisher_builder();
        Travel<Payload>::set_up(builder);
        return builder.max_loaned_samples(2).create().value();
    }

    std::uint64_t number_ = 0;
};

template <class Payload>
auto reader(Mortal& mortal) {
    return service_of<Payload>(mortal).subscriber_builder().create().value();
}

// One more than it has sent before.
template <class Payload>
[[noreturn]] void send(Mortal& mortal, std::uint64_t before) {
    Writer<Payload> writer{mortal};
    writer.send(before);
    mortal.begins(before);
    writer.send();
    mortal.ends();
}

// Drops a publisher that has sent so many.
template <class Payload>
[[noreturn]] void drop_publisher(Mortal& mortal, std::uint64_t sent) {
    std::optional<Writer<Payload>> writer{mortal};
    writer->send(sent);
    mortal.begins(sent);
    writer.reset();
    mortal.ends();
}

// For the broker; or for a port's descriptor, too.
inline void wait_and_process(Mortal& mortal, int port = -1) {
    std::array waited{pollfd{.fd = mortal.node().control_descriptor(), .events = POLLIN, .revents = 0},
                      pollfd{.fd = port, .events = POLLIN, .revents = 0}};
    ::poll(waited.data(), waited.size(), -1);
    mortal.node().process();
}

}  // namespace crash
