// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc::layout {

// Limits that come from the width of a field, and that the broker enforces when a service is created.
inline constexpr std::uint64_t max_buffer_size = 32768;       // Descriptor::ticket counts buffer + borrows
inline constexpr std::uint64_t max_borrowed_samples = 32767;  // likewise
inline constexpr std::uint64_t max_history_size = 65536;
inline constexpr std::uint64_t max_loaned_samples = 65536;
inline constexpr std::uint64_t max_ports_per_service = 65536;
inline constexpr std::uint64_t max_event_id = 65535;  // EventConnection::news has 16 bits for it
inline constexpr std::uint64_t max_alignment =
    4096;  // a mapping begins on a page, so nothing more is promised
// Descriptor::offset × 64 bytes; a page less, so that the number of chunks fits 32 bits too, with one number
// to spare for none.
inline constexpr std::uint64_t max_segment_size = (std::uint64_t{1} << 38) - 4096;
// Of a port, beside its first: they travel with each new connection, in one frame.
inline constexpr std::uint64_t max_further_segments = 240;
inline constexpr std::uint64_t max_growing_chunks = std::uint64_t{1} << 31;  // of its first, where it grows
inline constexpr std::uint64_t max_grown_chunks = std::uint64_t{1} << 20;    // of one of those
inline constexpr std::uint64_t max_service_name = 255;                       // bytes of UTF-8
inline constexpr std::uint64_t max_node_name = 128;        // bytes of UTF-8; likewise for ports
inline constexpr std::uint64_t max_type_layout = 256;      // bytes
inline constexpr std::uint64_t max_schema_format = 64;     // bytes of UTF-8
inline constexpr std::uint64_t max_schema_text = 16384;    // likewise
inline constexpr std::uint64_t max_attributes = 16;        // of a service
inline constexpr std::uint64_t max_attribute_key = 64;     // bytes of UTF-8
inline constexpr std::uint64_t max_attribute_value = 256;  // likewise

// A ticket is 16 bits, and the last number means none.
static_assert(max_buffer_size + max_borrowed_samples <= 0xffff);

}  // namespace ipc::layout
