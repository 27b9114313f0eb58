// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "layout/connection.hpp"
#include "layout/data.hpp"
#include "ring/atomics.hpp"
#include "shm/mapping.hpp"
#include "shm/memory_file.hpp"
#include "wire/publish_subscribe.hpp"

#include <ipc/expected.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

namespace pubsub {

// For tests that are the other end of a connection themselves.
inline ipc::wire::PublishSubscribeSettings settings_of(std::uint64_t payload_size) {
    ipc::wire::PublishSubscribeSettings settings;
    settings.payload = {.name = "test", .size = payload_size, .alignment = 8};
    settings.subscriber_max_buffer_size = 4;
    settings.subscriber_max_borrowed_samples = 2;
    settings.max_publishers = 2;
    settings.max_subscribers = 2;
    settings.max_nodes = 2;
    settings.payload_alignment = 8;
    return settings;
}

// This side's view of a connection, and of the publisher's memory behind it.
struct Wiretap {
    Wiretap(const ipc::wire::PublishSubscribeSettings& settings, ipc::control::PortLink& link,
            std::uint32_t record, std::uint64_t history_request = 0)
        : layout{ipc::layout::connection(settings.subscriber_max_buffer_size,
                                         settings.subscriber_max_borrowed_samples,
                                         settings.sample().slot_size())},
          data_layout{settings.data(1)},
          data_file{ipc::shm::MemoryFile::create("data", data_layout.size).value()},
          file{ipc::shm::MemoryFile::create("connection", layout.size).value()},
          segment{ipc::shm::Mapping::map(file, layout.size, ipc::shm::Access::ReadWrite).value()},
          data{ipc::shm::Mapping::map(data_file, data_layout.size, ipc::shm::Access::ReadWrite).value()} {
        ipc::control::Offer offer;
        offer.details.connection = id;
        offer.details.peer_port = peer;
        offer.details.settings =
            ipc::wire::DeliveryConnection{.buffer_size = settings.subscriber_max_buffer_size,
                                          .max_borrowed = settings.subscriber_max_borrowed_samples,
                                          .history_request = history_request};
        offer.details.record = record;
        offer.details.data_sizes = {data_layout.size};
        offer.connection_segment = ipc::shm::MemoryFile{file.descriptor().duplicate()};
        offer.data_segments.emplace_back(data_file.descriptor().duplicate());
        if (auto connected = link.connect(std::move(offer)); !connected)
            throw ipc::Failure{connected.error()};
    }
    std::atomic<std::uint64_t>& word(std::uint64_t offset) const {
        return ipc::ring::StdAtomics::word(segment.data(), offset);
    }

    ipc::wire::Uuid id = ipc::wire::Uuid::random();
    ipc::wire::Uuid peer = ipc::wire::Uuid::random();
    ipc::layout::Connection layout;
    ipc::layout::Data data_layout;
    ipc::shm::MemoryFile data_file;
    ipc::shm::MemoryFile file;
    ipc::shm::Mapping segment;
    ipc::shm::Mapping data;
};

}  // namespace pubsub
