// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/raw_client.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace growth {

using namespace std::chrono_literals;
using harness::eventually;
using harness::node_at;
using harness::patience;
using harness::World;
using ipc::AllocationStrategy;

using Slice = ipc::Slice<std::uint64_t>;

// Where each element says which one of which slice it is.
inline std::uint64_t element(std::uint64_t slice, std::size_t index) {
    return slice << 32 ^ index * 0x9e3779b97f4a7c15U;
}

template <class Publisher>
ipc::expected<std::size_t, ipc::SendError> send(Publisher& publisher, std::uint64_t slice,
                                                std::size_t length) {
    auto loan = publisher.loan_slice_uninit(length);
    if (!loan) return ipc::unexpected{ipc::to_send_error(loan.error())};
    return std::move(*loan).write_from_fn([&](std::size_t i) { return element(slice, i); }).send();
}

template <class Sample>
bool is_whole(const Sample& sample, std::uint64_t slice, std::size_t length) {
    const auto payload = sample.payload();
    if (payload.size() != length) return false;
    for (std::size_t i = 0; i < length; ++i)
        if (payload[i] != element(slice, i)) return false;
    return true;
}

template <class Subscriber>
auto next(Subscriber& subscriber) {
    auto sample = subscriber.receive(patience).value();
    if (!sample) throw ipc::Failure{"nothing came"};
    return std::move(*sample);
}

// As the broker knows it: of all ports with further segments, their sizes.
inline std::vector<std::uint64_t> further_segments(const std::string& socket) {
    RawClient observer{socket};
    observer.hello("observer", true);
    std::vector<std::uint64_t> sizes;
    const auto answer = observer.query("ports");
    for (const auto& port : answer["ports"])
        if (port.contains("further_segments"))
            for (const auto& segment : port["further_segments"]) sizes.push_back(segment["size"]);
    return sizes;
}

// Whether so many nodes have come back to a broker that was started again.
inline bool are_back(const harness::BrokerProcess& broker, std::uint64_t nodes) {
    return eventually([&] {
        RawClient observer{broker.socket()};
        observer.hello("observer", true);
        return observer.query("status")["readopted"]["nodes"] == nodes;
    });
}

// Data segments that a process has mapped; its own and those of its counterparts.
inline std::size_t mapped_segments(pid_t process) {
    return harness::mappings_with(process, "ipc-data");
}

}  // namespace growth
