// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/untyped/sample_mut.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ipc {

// A loaned sample whose payload has a value. See untyped::SampleMut for who may use it and how long.
template <class Payload, class UserHeader = void>
class SampleMut {
 public:
    explicit SampleMut(untyped::SampleMut sample) : sample_{std::move(sample)} {}

    const Payload& payload() const { return *static_cast<const Payload*>(sample_.payload()); }
    Payload& payload_mut() { return *static_cast<Payload*>(sample_.payload()); }
    const Payload& operator*() const { return payload(); }
    Payload& operator*() { return payload_mut(); }
    const Payload* operator->() const { return &payload(); }
    Payload* operator->() { return &payload_mut(); }

    template <class Header = UserHeader>
    const Header& user_header() const {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<const Header*>(sample_.user_header());
    }
    template <class Header = UserHeader>
    Header& user_header_mut() {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<Header*>(sample_.user_header());
    }

    // See untyped::SampleMut::send.
    expected<std::size_t, SendError> send() && { return std::move(sample_).send(); }

 private:
    untyped::SampleMut sample_;
};

}  // namespace ipc
