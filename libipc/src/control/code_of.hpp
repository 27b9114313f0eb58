// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "wire/enum_names.hpp"

#include <ipc/expected.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace ipc::control {

inline std::string_view name_of(const CallFailure& failure) {
    switch (failure.kind) {
        case CallFailure::Kind::NoBroker:
            return "NoBroker";
        case CallFailure::Kind::Timeout:
            return "Timeout";
        case CallFailure::Kind::Interrupted:
            return "Interrupted";
        case CallFailure::Kind::ForkedProcess:
            return "ForkedProcess";
        case CallFailure::Kind::Refused:
            break;
    }
    return wire::name_of(failure.refusal);
}

// A public enum names its errors as the broker names its refusals; `names` is in the order of the enum, and
// its last is InternalFailure: what this operation has no word for.
template <class Code, class Names>
Error<Code> public_error(CallFailure failure, const Names& names) {
    const auto found = std::find(names.begin(), names.end(), name_of(failure));
    const auto index =
        found == names.end() ? names.size() - 1 : static_cast<std::size_t>(found - names.begin());
    return {static_cast<Code>(index), std::move(failure.message)};
}

}  // namespace ipc::control
