// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/slice.hpp"

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace ipc::detail {

// What a received sample, request or response has of its type, over the untyped one.
template <class Untyped, class Payload, class UserHeader>
class ReceivedPayload {
 public:
    explicit ReceivedPayload(Untyped received) : received_{std::move(received)} {}

    // Of a slice a span, by value: it is good for as long as this is.
    decltype(auto) payload() const {
        if constexpr (is_slice_v<Payload>) {
            const auto elements = static_cast<std::size_t>(received_.number_of_elements());
            return std::span{static_cast<const element_t<Payload>*>(received_.payload()), elements};
        } else {
            return *static_cast<const Payload*>(received_.payload());
        }
    }
    decltype(auto) operator*() const { return payload(); }
    const Payload* operator->() const requires(!is_slice_v<Payload>) { return &payload(); }

    template <class Header = UserHeader>
    const Header& user_header() const {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<const Header*>(received_.user_header());
    }
    auto header() const { return received_.header(); }

 protected:
    Untyped received_;
};

}  // namespace ipc::detail
