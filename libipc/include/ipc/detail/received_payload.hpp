// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>

namespace ipc::detail {

// What a received sample, request or response has of its type, over the untyped one.
template <class Untyped, class Payload, class UserHeader>
class ReceivedPayload {
 public:
    explicit ReceivedPayload(Untyped received) : received_{std::move(received)} {}

    const Payload& payload() const { return *static_cast<const Payload*>(received_.payload()); }
    const Payload& operator*() const { return payload(); }
    const Payload* operator->() const { return &payload(); }

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
