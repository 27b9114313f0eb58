// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace ipc::ring {

// Private memory that is 0 at first, and paid for where it is touched: of 65,536 counters mostly a few are.
// Counts come from limits of the layout, far below what 32 bits can say.
// For types of which zero bytes are the value 0 and that need no destructor.
template <class T>
class ZeroedArray {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignof(std::max_align_t));

 public:
    explicit ZeroedArray(std::uint64_t count)
        : elements_(static_cast<T*>(std::calloc(static_cast<std::size_t>(count), sizeof(T)))) {
        if (!elements_ && count != 0) throw std::bad_alloc{};
    }
    T& operator[](std::uint64_t index) const { return elements_.get()[static_cast<std::size_t>(index)]; }

 private:
    struct Free {
        void operator()(T* elements) const { std::free(elements); }
    };
    std::unique_ptr<T, Free> elements_;
};

}  // namespace ipc::ring
