// SPDX-License-Identifier: Apache-2.0
// Publishers and subscribers that die.
#include "crash/sample_ports.hpp"

#include <optional>
#include <vector>

using namespace crash;

namespace {

template <class Payload>
[[noreturn]] void receive(Mortal& mortal) {
    auto subscriber = reader<Payload>(mortal);
    mortal.begins();
    auto sample = subscriber.receive();
    mortal.ends();
}

template <class Payload>
[[noreturn]] void release(Mortal& mortal) {
    auto subscriber = reader<Payload>(mortal);
    auto sample = subscriber.receive(patience).value();
    mortal.begins();
    sample.reset();
    mortal.ends();
}

}  // namespace

OPERATION(loan) {
    Writer<Large> writer{mortal};
    writer.send();
    mortal.begins(1);
    std::vector<ipc::Publisher<Large>::Loan> loans;
    loans.reserve(2);
    loans.push_back(writer.port.loan_uninit().value());
    loans.push_back(writer.port.loan_uninit().value());
    loans.clear();
    mortal.ends();
}

OPERATION(send) {
    send<Large>(mortal, 1);
}

OPERATION(send_in_slot) {
    send<Small>(mortal, 1);
}

// Into full buffers: takes the oldest back, or waits.
OPERATION(overflow) {
    send<Large>(mortal, 3);
}

OPERATION(overflow_in_slot) {
    send<Small>(mortal, 3);
}

OPERATION(send_and_wait) {
    send<Large>(mortal, 2);
}

OPERATION(receive) {
    receive<Large>(mortal);
}

OPERATION(receive_from_slot) {
    receive<Small>(mortal);
}

OPERATION(release) {
    release<Large>(mortal);
}

OPERATION(release_of_slot) {
    release<Small>(mortal);
}

// History, where there is one, and what comes behind it.
OPERATION(receive_all) {
    auto subscriber = reader<Large>(mortal);
    mortal.begins();
    while (subscriber.receive().value()) {
    }
    mortal.ends();
}

OPERATION(receive_asleep) {
    auto subscriber = reader<Large>(mortal);
    mortal.begins();
    while (subscriber.receive().value()) {
    }
    auto sample = subscriber.receive(patience).value();
    mortal.ends();
}

OPERATION(subscriber_descriptor) {
    auto subscriber = reader<Large>(mortal);
    mortal.begins();
    (void)subscriber.file_descriptor().value();
    mortal.ends();
}

OPERATION(create_publisher) {
    auto service = service_of<Large>(mortal);
    mortal.begins();
    auto publisher = service.publisher_builder().create().value();
    mortal.ends();
}

OPERATION(create_subscriber) {
    auto service = service_of<Large>(mortal);
    mortal.begins();
    auto subscriber = service.subscriber_builder().create().value();
    mortal.ends();
}

OPERATION(drop_publisher) {
    drop_publisher<Large>(mortal, 1);
}

OPERATION(drop_subscriber) {
    std::optional subscriber{reader<Large>(mortal)};
    auto sample = subscriber->receive().value();
    mortal.begins();
    subscriber.reset();
    sample.reset();
    mortal.ends();
}

// Another subscriber comes, and goes.
OPERATION(take_up_subscriber) {
    Writer<Large> writer{mortal};
    const std::size_t before = writer.port.update_connections().value();
    mortal.begins();
    while (writer.port.update_connections().value() == before) wait_and_process(mortal);
    while (writer.port.update_connections().value() != before) wait_and_process(mortal);
    mortal.ends();
}

// Another publisher comes, sends, and goes.
OPERATION(take_up_publisher) {
    auto subscriber = reader<Large>(mortal);
    mortal.begins();
    for (bool heard = false; !heard; wait_and_process(mortal))
        while (const auto sample = subscriber.receive().value())
            heard = heard || (*sample)->author == Author::successor;
    mortal.ends();
}
