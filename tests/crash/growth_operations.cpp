// SPDX-License-Identifier: Apache-2.0
// Publishers that die while they grow, and subscribers that die over what has grown.
#include "crash/sample_ports.hpp"

#include <optional>

using namespace crash;

// The second sample is the first one for which the port grows.
OPERATION(grow) {
    send<Words>(mortal, 1);
}

// A sample in what it has grown before.
OPERATION(send_grown) {
    send<Words>(mortal, 3);
}

// Gives back a segment in which nothing is held.
OPERATION(shrink) {
    Writer<Words> writer{mortal};
    writer.send();
    (void)Travel<Words>::loan(writer.port);
    mortal.begins(1);
    (void)writer.port.update_connections().value();
    mortal.ends();
}

OPERATION(drop_grown_publisher) {
    drop_publisher<Words>(mortal, 2);
}

// Nothing more is there, and then a publisher grows, and sends in that.
OPERATION(receive_grown) {
    auto subscriber = reader<Words>(mortal);
    const int descriptor = subscriber.file_descriptor().value();
    mortal.begins();
    for (bool waited = false;; waited = true) {
        while (const auto sample = subscriber.receive().value())
            if (waited && sample->payload().size() > Words::short_length) mortal.ends();
        wait_and_process(mortal, descriptor);
    }
}

OPERATION(release_grown) {
    auto subscriber = reader<Words>(mortal);
    const int descriptor = subscriber.file_descriptor().value();
    auto sample = subscriber.receive().value();
    while (!sample || sample->payload().size() <= Words::short_length) {
        if (!sample) wait_and_process(mortal, descriptor);
        sample = subscriber.receive().value();
    }
    mortal.begins();
    sample.reset();
    mortal.ends();
}

OPERATION(drop_subscriber_of_grown) {
    std::optional subscriber{reader<Words>(mortal)};
    mortal.begins();
    subscriber.reset();
    mortal.ends();
}

OPERATION(create_subscriber_of_grown) {
    auto service = service_of<Words>(mortal);
    mortal.begins();
    auto subscriber = service.subscriber_builder().create().value();
    while (subscriber.receive().value()) {
    }
    mortal.ends();
}
