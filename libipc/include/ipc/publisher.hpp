// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/sample_mut.hpp"
#include "ipc/sample_mut_uninit.hpp"
#include "ipc/untyped/publisher.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace ipc {

// Sends samples of one service. See untyped::Publisher for threads and lifetime.
template <class Payload, class UserHeader = void>
class Publisher {
 public:
    using Loan = SampleMutUninit<Payload, UserHeader>;

    explicit Publisher(untyped::Publisher publisher) : publisher_{std::move(publisher)} {}

    UniquePortId id() const { return publisher_.id(); }

    // Memory for one sample, to be written. Does not block.
    expected<Loan, LoanError> loan_uninit() requires(!is_slice_v<Payload>) {
        auto loan = publisher_.loan();
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan)};
    }
    // Likewise, with a value-initialised payload.
    expected<SampleMut<Payload, UserHeader>, LoanError> loan() requires(!is_slice_v<Payload>) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    // Loans, copies and sends; returns how many subscribers got it.
    expected<std::size_t, SendError> send_copy(const Payload& payload) requires(!is_slice_v<Payload>) {
        auto uninit = loan_uninit();
        if (!uninit) return unexpected{to_send_error(uninit.error())};
        return std::move(*uninit).write_payload(payload).send();
    }

    // Likewise, of slices: memory for so many elements, 0 to initial_max_slice_len; more where the port
    // grows, and then this may block (see AllocationStrategy).
    expected<Loan, LoanError> loan_slice_uninit(std::size_t elements) requires is_slice_v<Payload> {
        auto loan = publisher_.loan_slice(elements);
        if (!loan) return unexpected{loan.error()};
        return Loan{std::move(*loan), elements};
    }
    expected<SampleMut<Payload, UserHeader>, LoanError> loan_slice(std::size_t elements) requires
        is_slice_v<Payload> {
        auto uninit = loan_slice_uninit(elements);
        if (!uninit) return unexpected{uninit.error()};
        return std::move(*uninit).write_default();
    }
    expected<std::size_t, SendError> send_slice_copy(std::span<const element_t<Payload>> elements) requires
        is_slice_v<Payload> {
        auto uninit = loan_slice_uninit(elements.size());
        if (!uninit) return unexpected{to_send_error(uninit.error())};
        return std::move(*uninit).write_from_slice(elements).send();
    }
    // See untyped::Publisher::update_connections.
    expected<std::size_t, SendError> update_connections() { return publisher_.update_connections(); }

 private:
    untyped::Publisher publisher_;
};

// Settings of a publisher; see untyped::PublisherBuilder for what each means.
template <class Payload, class UserHeader = void>
class PublisherBuilder {
 public:
    explicit PublisherBuilder(std::shared_ptr<detail::ServiceHandle> service)
        : builder_{std::move(service)} {}

    PublisherBuilder& name(std::string_view name) { return set(builder_.name(name)); }
    PublisherBuilder& max_loaned_samples(std::uint64_t count) {
        return set(builder_.max_loaned_samples(count));
    }
    PublisherBuilder& initial_max_slice_len(std::uint64_t elements) requires is_slice_v<Payload> {
        return set(builder_.initial_max_slice_len(elements));
    }
    PublisherBuilder& allocation_strategy(AllocationStrategy strategy) requires is_slice_v<Payload> {
        return set(builder_.allocation_strategy(strategy));
    }
    PublisherBuilder& backpressure_strategy(BackpressureStrategy strategy) {
        return set(builder_.backpressure_strategy(strategy));
    }
    PublisherBuilder& backpressure_handler(BackpressureHandler handler) {
        return set(builder_.backpressure_handler(std::move(handler)));
    }
    PublisherBuilder& degradation_handler(DegradationHandler handler) {
        return set(builder_.degradation_handler(std::move(handler)));
    }
    PublisherBuilder& thread_safe(bool enabled) { return set(builder_.thread_safe(enabled)); }
    PublisherBuilder& prefault(bool enabled) { return set(builder_.prefault(enabled)); }
    PublisherBuilder& lock_memory(bool enabled) { return set(builder_.lock_memory(enabled)); }
    PublisherBuilder& huge_pages(bool enabled) { return set(builder_.huge_pages(enabled)); }

    expected<Publisher<Payload, UserHeader>, Error<PublisherCreateError>> create() const {
        auto publisher = builder_.create();
        if (!publisher) return unexpected{std::move(publisher.error())};
        return Publisher<Payload, UserHeader>{std::move(*publisher)};
    }

 private:
    PublisherBuilder& set(untyped::PublisherBuilder&) { return *this; }

    untyped::PublisherBuilder builder_;
};

}  // namespace ipc
