// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/sample_mut.hpp"

#include <new>
#include <type_traits>
#include <utility>

namespace ipc {

// A loaned sample whose payload has no value yet: whatever an earlier sample left is in there. It cannot be
// sent before it was written. Its user header has a value.
template <class Payload, class UserHeader = void>
class SampleMutUninit {
 public:
    explicit SampleMutUninit(untyped::SampleMut sample) : sample_{std::move(sample)} {}

    // To be written, then assume_init().
    Payload* payload_mut() { return static_cast<Payload*>(sample_.payload()); }
    template <class Header = UserHeader>
    Header& user_header_mut() {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<Header*>(sample_.user_header());
    }

    SampleMut<Payload, UserHeader> write_payload(Payload value) && {
        ::new (sample_.payload()) Payload(std::move(value));
        return std::move(*this).assume_init();
    }
    // `function` returns the payload, or takes a reference to it and fills it in place.
    template <class Function>
    SampleMut<Payload, UserHeader> write_from_fn(Function&& function) && {
        if constexpr (std::is_invocable_v<Function, Payload&>)
            std::forward<Function>(function)(*payload_mut());
        else
            ::new (sample_.payload()) Payload(std::forward<Function>(function)());
        return std::move(*this).assume_init();
    }
    // The caller has written every byte that matters.
    SampleMut<Payload, UserHeader> assume_init() && {
        return SampleMut<Payload, UserHeader>{std::move(sample_)};
    }

 private:
    untyped::SampleMut sample_;
};

}  // namespace ipc
