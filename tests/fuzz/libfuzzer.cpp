// SPDX-License-Identifier: Apache-2.0
// What libFuzzer calls, in a program of one target.
#include "target.hpp"

extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                                                             std::size_t size) {
    fuzz::targets().front().run({reinterpret_cast<const char*>(data), size});
    return 0;
}
