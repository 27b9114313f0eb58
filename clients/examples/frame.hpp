// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

// A picture of 4 MiB, as a camera would send it. It is written once, in shared memory, and never copied.
struct Frame {
    static constexpr const char* ipc_type_name = "example::Frame";
    static constexpr std::uint32_t width = 1024;
    static constexpr std::uint32_t height = 1024;

    std::uint32_t checksum;
    std::uint32_t number;
    std::array<std::uint32_t, width * height> pixels;
};
