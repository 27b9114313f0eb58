// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/allocation.hpp"
#include "ipc/backpressure.hpp"
#include "ipc/degradation.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/port_error.hpp"
#include "ipc/send_error.hpp"
#include "ipc/unique_id.hpp"
#include "ipc/untyped/sample_mut.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ipc::detail {
class ServiceHandle;
}

namespace ipc::untyped {

// Sends samples whose type is described at run time. Belongs to one thread at a time, unless it was built
// with thread_safe(true). May be moved while samples are loaned.
class IPC_API Publisher {
 public:
    Publisher(Publisher&& other) noexcept : port_{std::exchange(other.port_, nullptr)} {}
    Publisher& operator=(Publisher&& other) noexcept {
        std::swap(port_, other.port_);
        return *this;
    }
    // The port itself ends with its last loan.
    ~Publisher() {
        if (port_ != nullptr) close();
    }

    UniquePortId id() const;
    // Bytes; of a slice an element's.
    std::size_t payload_size() const;

    // Memory for one sample; where payloads are slices, for one of a single element. Does not block.
    expected<SampleMut, LoanError> loan() {
        const detail::LoanedChunk loaned = loan_chunk(port_);
        if (loaned.payload == nullptr) return unexpected{static_cast<LoanError>(loaned.chunk_or_error)};
        return SampleMut{port_, loaned.chunk_or_error, loaned.payload};
    }
    // Memory for a slice of so many elements: 0 to initial_max_slice_len, or more where the port grows; see
    // AllocationStrategy. (Where payloads are of fixed size there is but one, and any other number is
    // ExceedsMaxLoanSize.) Does not block, unless the port grows.
    expected<SampleMut, LoanError> loan_slice(std::uint64_t elements) {
        const detail::LoanedChunk loaned = loan_slice_chunk(port_, elements);
        if (loaned.payload == nullptr) return unexpected{static_cast<LoanError>(loaned.chunk_or_error)};
        return SampleMut{port_, loaned.chunk_or_error, loaned.payload};
    }
    // Loans, copies payload_size() bytes, and sends.
    expected<std::size_t, SendError> send_copy(const void* payload);
    // Likewise, so many elements.
    expected<std::size_t, SendError> send_slice_copy(const void* payload, std::uint64_t elements);
    // Takes up connections that were made or ended since the last operation, which every loan and send does
    // too; gives back what the port has grown and does not need. Returns how many subscribers are connected.
    expected<std::size_t, SendError> update_connections();

 private:
    friend class PublisherBuilder;
    explicit Publisher(port::PublisherPort* port) : port_{port} {}
    static detail::LoanedChunk loan_chunk(port::PublisherPort* port);
    static detail::LoanedChunk loan_slice_chunk(port::PublisherPort* port, std::uint64_t elements);
    void close();

    port::PublisherPort* port_;
};

class IPC_API PublisherBuilder {
 public:
    explicit PublisherBuilder(std::shared_ptr<detail::ServiceHandle> service);

    // At most 128 bytes of UTF-8; may be empty. Shows in roudictl.
    PublisherBuilder& name(std::string_view name);
    // How many samples may be loaned at a time. Default: defaults::max_loaned_samples.
    PublisherBuilder& max_loaned_samples(std::uint64_t count);
    // The longest slice that can be loaned, in elements: 1 or more. Default: 1. Its memory is reserved, and
    // paid for where it is touched. Refused (InvalidSetting) where payloads are no slices.
    PublisherBuilder& initial_max_slice_len(std::uint64_t elements);
    // What happens where a slice is longer than that; see AllocationStrategy. Default: Static. Refused
    // (InvalidSetting) where payloads are no slices.
    PublisherBuilder& allocation_strategy(AllocationStrategy strategy);
    PublisherBuilder& backpressure_strategy(BackpressureStrategy strategy);
    // Asked for every full buffer, instead of the strategy.
    PublisherBuilder& backpressure_handler(BackpressureHandler handler);
    PublisherBuilder& degradation_handler(DegradationHandler handler);
    // A lock around each operation, so that threads can share it. One of them that waits for room in a
    // subscriber's buffer makes the others wait too.
    PublisherBuilder& thread_safe(bool enabled);
    // Reserves and touches all memory of the port before create() returns: then a shortage is an error
    // (OutOfMemory) here and not a signal later, and no page fault comes on the way of a sample. What it
    // takes is the worst case that the settings allow for, and it is charged to this process. Also of each
    // connection that is made later, on the node's control thread; one for which there is no memory is cut.
    // Default: off, memory is paid as it is touched.
    PublisherBuilder& prefault(bool enabled);
    // Likewise, and keeps the shared memory out of swap (mlock), as far as RLIMIT_MEMLOCK allows.
    PublisherBuilder& lock_memory(bool enabled);
    // What is sent lies in huge pages, of 2 MiB, which are reserved and touched in create(), as with
    // prefault(). Create fails (OutOfMemory) where the system has too few of them free; see
    // /proc/sys/vm/nr_hugepages. A segment begins at a multiple of 2 MiB then, but not each payload: that is
    // aligned as the service says, to 4096 bytes at most. Default: off.
    PublisherBuilder& huge_pages(bool enabled);

    // Asks the broker, and returns once every subscriber that was there is connected (or after the node's
    // bound, if one of them does not answer): what is sent afterwards, they receive.
    expected<Publisher, Error<PublisherCreateError>> create() const;

 private:
    std::shared_ptr<detail::ServiceHandle> service_;
    std::string name_;
    std::uint64_t max_loaned_samples_;
    std::optional<std::uint64_t> max_slice_len_;
    AllocationStrategy allocation_ = AllocationStrategy::Static;
    BackpressureStrategy strategy_;
    BackpressureHandler backpressure_handler_;
    DegradationHandler degradation_handler_;
    bool thread_safe_ = false;
    bool prefault_ = false;
    bool lock_memory_ = false;
    bool huge_pages_ = false;
};

}  // namespace ipc::untyped
