// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <new>
#include <type_traits>
#include <utility>

namespace ipc::detail {

// What a loaned sample, request or response has of its type, over the untyped one.
template <class Untyped, class Payload, class UserHeader>
class LoanedPayload {
 public:
    explicit LoanedPayload(Untyped loan) : loan_{std::move(loan)} {}

    const Payload& payload() const { return *static_cast<const Payload*>(loan_.payload()); }
    Payload& payload_mut() { return *static_cast<Payload*>(loan_.payload()); }
    const Payload& operator*() const { return payload(); }
    Payload& operator*() { return payload_mut(); }
    const Payload* operator->() const { return &payload(); }
    Payload* operator->() { return &payload_mut(); }

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

// Likewise, of a payload that has no value yet: whatever an earlier one left is in there. It cannot be sent
// before it was written, and then is a `Written`. Its user header has a value.
template <class Written, class Untyped, class Payload, class UserHeader>
class UnwrittenPayload {
 public:
    explicit UnwrittenPayload(Untyped loan) : loan_{std::move(loan)} {
        if constexpr (!std::is_void_v<UserHeader>) ::new (loan_.user_header()) UserHeader{};
    }

    // To be written, then assume_init().
    Payload* payload_mut() { return static_cast<Payload*>(loan_.payload()); }
    template <class Header = UserHeader>
    Header& user_header_mut() {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<Header*>(loan_.user_header());
    }

    Written write_payload(Payload value) && {
        ::new (loan_.payload()) Payload(std::move(value));
        return std::move(*this).assume_init();
    }
    // `function` returns the payload, or takes a reference to it and fills it in place.
    template <class Function>
    Written write_from_fn(Function&& function) && {
        if constexpr (std::is_invocable_v<Function, Payload&>)
            std::forward<Function>(function)(*payload_mut());
        else
            ::new (loan_.payload()) Payload(std::forward<Function>(function)());
        return std::move(*this).assume_init();
    }
    // Value-initialised.
    Written write_default() && {
        ::new (loan_.payload()) Payload{};
        return std::move(*this).assume_init();
    }
    // The caller has written every byte that matters.
    Written assume_init() && { return Written{std::move(loan_)}; }

 private:
    Untyped loan_;
};

}  // namespace ipc::detail
