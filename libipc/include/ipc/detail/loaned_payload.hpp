// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <new>
#include <type_traits>
#include <utility>

namespace ipc::detail {

// A loan whose user header has a value.
template <class Untyped, class UserHeader>
class LoanedHeader {
 public:
    explicit LoanedHeader(Untyped loan) : loan_{std::move(loan)} {}

    template <class Header = UserHeader>
    const Header& user_header() const {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<const Header*>(loan_.user_header());
    }
    template <class Header = UserHeader>
    Header& user_header_mut() {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<Header*>(loan_.user_header());
    }

 protected:
    Untyped loan_;
};

// A loan whose user header gets a value now.
template <class Untyped, class UserHeader>
class UnwrittenHeader {
 public:
    explicit UnwrittenHeader(Untyped loan) : loan_{std::move(loan)} {
        if constexpr (!std::is_void_v<UserHeader>) ::new (loan_.user_header()) UserHeader{};
    }

    template <class Header = UserHeader>
    Header& user_header_mut() {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<Header*>(loan_.user_header());
    }

 protected:
    Untyped loan_;
};

// What a loaned sample, request or response has of its type, over the untyped one. (Of slices: see
// loaned_slice.hpp.)
template <class Untyped, class Payload, class UserHeader>
class LoanedPayload : public LoanedHeader<Untyped, UserHeader> {
 public:
    using LoanedHeader<Untyped, UserHeader>::LoanedHeader;

    const Payload& payload() const { return *static_cast<const Payload*>(this->loan_.payload()); }
    Payload& payload_mut() { return *static_cast<Payload*>(this->loan_.payload()); }
    const Payload& operator*() const { return payload(); }
    Payload& operator*() { return payload_mut(); }
    const Payload* operator->() const { return &payload(); }
    Payload* operator->() { return &payload_mut(); }
};

// Likewise, of a payload that has no value yet: whatever an earlier one left is in there. It cannot be sent
// before it was written, and then is a `Written`.
template <class Written, class Untyped, class Payload, class UserHeader>
class UnwrittenPayload : public UnwrittenHeader<Untyped, UserHeader> {
 public:
    using UnwrittenHeader<Untyped, UserHeader>::UnwrittenHeader;

    // To be written, then assume_init().
    Payload* payload_mut() { return static_cast<Payload*>(this->loan_.payload()); }

    Written write_payload(Payload value) && {
        ::new (this->loan_.payload()) Payload(std::move(value));
        return std::move(*this).assume_init();
    }
    // `function` returns the payload, or takes a reference to it and fills it in place.
    template <class Function>
    Written write_from_fn(Function&& function) && {
        if constexpr (std::is_invocable_v<Function, Payload&>)
            std::forward<Function>(function)(*payload_mut());
        else
            ::new (this->loan_.payload()) Payload(std::forward<Function>(function)());
        return std::move(*this).assume_init();
    }
    // Value-initialised.
    Written write_default() && {
        ::new (this->loan_.payload()) Payload{};
        return std::move(*this).assume_init();
    }
    // The caller has written every byte that matters.
    Written assume_init() && { return Written{std::move(this->loan_)}; }
};

}  // namespace ipc::detail
