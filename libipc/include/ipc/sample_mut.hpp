// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/loaned_payload.hpp"
#include "ipc/detail/loaned_slice.hpp"
#include "ipc/untyped/sample_mut.hpp"

#include <cstddef>
#include <utility>

namespace ipc {

// A loaned sample whose payload has a value. See untyped::SampleMut for who may use it and how long.
template <class Payload, class UserHeader = void>
class SampleMut : public detail::LoanedPayload<untyped::SampleMut, Payload, UserHeader> {
 public:
    using detail::LoanedPayload<untyped::SampleMut, Payload, UserHeader>::LoanedPayload;

    // See untyped::SampleMut::send.
    expected<std::size_t, SendError> send() && { return std::move(this->loan_).send(); }
};

}  // namespace ipc
