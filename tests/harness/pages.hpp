// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/actor.hpp"
#include "harness/paid_memory.hpp"
#include "harness/sworn_off.hpp"

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

// Payloads of many pages, each of which is written: who did not pay for them before does so on their way.
namespace harness {

using Pages = std::array<std::uint64_t, 16 * 1024>;  // 32 of them

// What was loaned, with this number in each of its pages.
template <class Loan>
auto written(Loan loan, std::uint64_t number) {
    constexpr std::size_t words_in_page = 512;
    for (std::size_t word = 0; word < std::tuple_size_v<Pages>; word += words_in_page)
        (*loan.payload_mut())[word] = number;
    return std::move(loan).assume_init();
}

// Of an actor, to its end: tells how many page faults a hundred exchanges cost, and does a hundred more
// without a system call and without allocating. `exchange.run(times)`: whether all was received.
template <class Exchange>
[[noreturn]] void count_page_faults(const Line& test, Exchange& exchange) {
    const long before = page_faults();
    bool received = exchange.run(100);
    test.tell(std::to_string(page_faults() - before));
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t allocated_before = allocations();
    received = received && exchange.run(100);
    end(allocated_before, received);
}

}  // namespace harness
