// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "shm/unique_fd.hpp"
#include "wire/uuid.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::control {

// The data segment of a publisher that is gone.
struct KeptHistory {
    wire::Uuid publisher;
    std::uint64_t size = 0;
    shm::UniqueFd data;  // read-only; the first, as the others
    std::vector<FurtherSegment> further;
};

// What publishers left in latched services that this node has open, oldest first: for subscribers that are
// created here, and to be presented to another broker.
class KeptHistories {
 public:
    // One that is here already stays as it is.
    void keep(const std::string& service, KeptHistory history);
    void drop(wire::Uuid publisher);

    // Duplicates of what is kept; nothing where no descriptors are left.
    std::optional<std::vector<KeptHistory>> of(const std::string& service) const;
    std::optional<std::vector<KeptHistory>> all() const;

    // In a forked child. Nothing where a thread that stayed in the parent was changing them at the fork.
    void close_descriptors();

 private:
    struct Entry {
        std::string service;
        KeptHistory history;
    };
    static std::optional<KeptHistory> copy_of(const KeptHistory& history);
    std::optional<std::vector<KeptHistory>> copies(const std::string* service) const;

    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
};

}  // namespace ipc::control
