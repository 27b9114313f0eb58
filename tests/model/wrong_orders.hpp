// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model_atomics.hpp"

#include <atomic>

namespace model {

// Memory orders as somebody might weaken them who thinks they cost too much.
struct RelaxedStores : AsWritten {
    static std::memory_order store(std::memory_order) { return std::memory_order_relaxed; }
};
struct RelaxedLoads : AsWritten {
    static std::memory_order load(std::memory_order) { return std::memory_order_relaxed; }
};
struct RelaxedExchanges : AsWritten {
    static std::memory_order modify(std::memory_order) { return std::memory_order_relaxed; }
};
struct NoFences : AsWritten {
    static constexpr bool fences = false;
};

}  // namespace model
