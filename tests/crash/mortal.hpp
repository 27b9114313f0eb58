// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/actor.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// What runs in a process that will be killed.
namespace crash {

// Long enough never to pass but in a failure.
inline constexpr std::chrono::seconds patience{30};

// The process, as an operation sees it: it has no thread but one, and drives its node itself, so that every
// step of it is counted, and always the same.
class Mortal {
 public:
    struct Order {
        std::string socket;  // the broker's
        std::uint64_t last_step;
        std::chrono::nanoseconds creation_bound;
    };
    Mortal(const harness::Line& test, Order order) : test_{test}, order_{std::move(order)} {}

    // Made when it is first asked for.
    ipc::Node& node();
    void end_node() { node_.reset(); }
    const std::string& socket() const { return order_.socket; }

    // What it does from here on, nobody counts: it may die anywhere.
    void goes_its_way() const;

    // Everything is there. Waits until the test says so, driving the node; from there on every step counts.
    // `done`: how much was sent (told, asked) that has to reach the survivors.
    void begins(std::uint64_t done = 0);
    // Every step has been made: says so, and waits for the end.
    [[noreturn]] void ends();

 private:
    const harness::Line& test_;
    const Order order_;
    std::optional<ipc::Node> node_;
};

using Operation = void (*)(Mortal& mortal);

struct OperationRegistration {
    OperationRegistration(const char* name, Operation operation);
};

// Defines an operation that somebody dies in:
//   OPERATION(loan) { auto publisher = …; mortal.begins(); auto loan = publisher.loan(); mortal.ends(); }
#define OPERATION(name)                                                                                 \
    static void operation_##name(::crash::Mortal& mortal);                                              \
    static const ::crash::OperationRegistration operation_registration_##name{#name, operation_##name}; \
    static void operation_##name(::crash::Mortal& mortal)

}  // namespace crash
