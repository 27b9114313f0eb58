// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "layout/descriptor.hpp"
#include "layout/limits.hpp"
#include "shm/mapping.hpp"
#include "shm/residence.hpp"
#include "wire/uuid.hpp"

#include <tl/expected.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ipc::port {

// The data segments that a sender has got since its first one. The control thread brings and takes them,
// while others read what lies in them: so each is counted by who does, in private memory, and goes with the
// last of them. (An honest sender gives none back that anybody reads.) All are slower than the first, which
// needs no count, and are looked at only where a descriptor says so.
class FurtherMemory {
 public:
    FurtherMemory() = default;
    FurtherMemory(const FurtherMemory&) = delete;
    FurtherMemory& operator=(const FurtherMemory&) = delete;
    ~FurtherMemory() { clear(); }

    // Off the way of those who hold a lock.
    static tl::expected<shm::Mapping, std::string> map(const control::FurtherSegment& segment,
                                                       shm::Residence residence);

    // The control thread's. In place of another one of that number, which is over then; one that is there
    // already stays. The error says why the number cannot be another's.
    tl::expected<void, std::string> add(const control::FurtherSegment& segment, shm::Mapping mapping);
    void withdraw(wire::Uuid segment);
    void keep_only(const std::vector<wire::Uuid>& segments);
    // Nobody holds anything, and nobody can get it.
    void clear();

    // By any thread while none of this can be cleared: where that descriptor's block begins, if so many bytes
    // of it are there, and how many there are; null if not. What was found is held until let_go().
    struct Held {
        const std::byte* block = nullptr;
        std::uint64_t bytes = 0;
    };
    Held hold(const layout::Descriptor& descriptor, std::uint64_t unit, std::uint64_t size) const;
    void let_go(std::uint8_t number) const;

 private:
    struct Segment {
        // Who uses it, and one for that it is there. 0: nobody can begin to.
        std::atomic<std::uint32_t> users{0};
        std::atomic<bool> empty{true};
        shm::Mapping mapping;  // of whoever made it not empty, and then of the last user
        bool present = false;  // the control thread's view, as is the id
        wire::Uuid id;
    };
    using Table = std::array<Segment, layout::max_further_segments + 1>;
    void withdraw(std::uint8_t number);

    std::atomic<Table*> table_{nullptr};
};

}  // namespace ipc::port
