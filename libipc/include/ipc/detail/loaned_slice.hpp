// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/loaned_payload.hpp"
#include "ipc/slice.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ipc::detail {

// A loan of so many elements.
template <class Untyped, class T, class UserHeader>
class LoanedPayload<Untyped, Slice<T>, UserHeader> : public LoanedHeader<Untyped, UserHeader> {
 public:
    LoanedPayload(Untyped loan, std::size_t elements)
        : LoanedHeader<Untyped, UserHeader>{std::move(loan)}, elements_{elements} {}

    std::span<const T> payload() const { return {static_cast<const T*>(this->loan_.payload()), elements_}; }
    std::span<T> payload_mut() { return {static_cast<T*>(this->loan_.payload()), elements_}; }
    std::span<const T> operator*() const { return payload(); }
    std::span<T> operator*() { return payload_mut(); }

 private:
    std::size_t elements_;
};

template <class Written, class Untyped, class T, class UserHeader>
class UnwrittenPayload<Written, Untyped, Slice<T>, UserHeader> : public UnwrittenHeader<Untyped, UserHeader> {
 public:
    UnwrittenPayload(Untyped loan, std::size_t elements)
        : UnwrittenHeader<Untyped, UserHeader>{std::move(loan)}, elements_{elements} {}

    // To be written, then assume_init().
    std::span<T> payload_mut() { return {first(), elements_}; }

    // Copies as many elements as were loaned; where there are fewer, the rest is value-initialised.
    Written write_from_slice(std::span<const T> values) && {
        const std::size_t count = std::min(values.size(), elements_);
        std::uninitialized_copy_n(values.begin(), count, first());
        std::uninitialized_value_construct_n(first() + count, elements_ - count);
        return std::move(*this).assume_init();
    }
    // `function(index)` returns an element; or `function(span)` fills all of them in place.
    template <class Function>
    Written write_from_fn(Function&& function) && {
        if constexpr (std::is_invocable_r_v<T, Function&, std::size_t>) {
            for (std::size_t i = 0; i < elements_; ++i) ::new (first() + i) T(function(i));
        } else {
            std::forward<Function>(function)(payload_mut());
        }
        return std::move(*this).assume_init();
    }
    // Value-initialised.
    Written write_default() && {
        std::uninitialized_value_construct_n(first(), elements_);
        return std::move(*this).assume_init();
    }
    // The caller has written every byte that matters.
    Written assume_init() && { return Written{std::move(this->loan_), elements_}; }

 private:
    T* first() { return static_cast<T*>(this->loan_.payload()); }

    std::size_t elements_;
};

}  // namespace ipc::detail
