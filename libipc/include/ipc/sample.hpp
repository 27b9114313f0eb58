// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/untyped/sample.hpp"

#include <type_traits>
#include <utility>

namespace ipc {

// A received sample, read where its publisher wrote it (or in the subscriber's own memory, if it is small).
// See untyped::Sample for how long it lives.
template <class Payload, class UserHeader = void>
class Sample {
 public:
    explicit Sample(untyped::Sample sample) : sample_{std::move(sample)} {}

    const Payload& payload() const { return *static_cast<const Payload*>(sample_.payload()); }
    const Payload& operator*() const { return payload(); }
    const Payload* operator->() const { return &payload(); }

    template <class Header = UserHeader>
    const Header& user_header() const {
        static_assert(!std::is_void_v<Header>, "this service has no user header");
        return *static_cast<const Header*>(sample_.user_header());
    }
    SampleHeader header() const { return sample_.header(); }

 private:
    untyped::Sample sample_;
};

}  // namespace ipc
