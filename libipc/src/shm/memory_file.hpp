// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <boost/interprocess/detail/os_file_functions.hpp>
#include <tl/expected.hpp>

#include <cstdint>

namespace ipc::shm {

// A memory file (memfd): the descriptor behind a segment. It has no name that could go stale.
//
// The broker creates it with mode 0600: a plain memfd has 0777, and anybody with a read-only descriptor could
// reopen that for writing through /proc/self/fd. Size seals are there from the beginning.
class MemoryFile {
 public:
    MemoryFile() = default;
    explicit MemoryFile(UniqueFd descriptor) : descriptor_{std::move(descriptor)} {}

    enum class Pages : std::uint8_t {
        ordinary,
        huge,  // of huge_page bytes each: then so is the size. Whoever maps the file reserves them
    };
    static constexpr std::uint64_t huge_page = std::uint64_t{2} << 20;

    // `label` shows in /proc/PID/maps. The file is sparse: a page costs memory when it is touched.
    static tl::expected<MemoryFile, SystemError> create(const char* label, std::uint64_t size,
                                                        Pages pages = Pages::ordinary);

    // Against further seals: for a segment that both ends write.
    tl::expected<void, SystemError> seal_shared() const;
    // No writable mapping, no write and no punched hole from now on; one made before keeps writing.
    tl::expected<void, SystemError> seal_for_the_writer_that_mapped() const;
    // The same memory through a descriptor that cannot write.
    tl::expected<UniqueFd, SystemError> reopen_read_only() const;

    tl::expected<std::uint64_t, SystemError> size() const;
    // A set of these, and of none but these where the broker made the file and no client sealed it.
    tl::expected<int, SystemError> seals() const;
    static const int size_seals;    // as it is created
    static const int shared_seals;  // after seal_shared()
    static const int writer_seals;  // after seal_for_the_writer_that_mapped()
    // Whether it lies in huge pages.
    bool is_huge() const;
    const UniqueFd& descriptor() const { return descriptor_; }

    // Makes it a Boost.Interprocess MemoryMappable.
    boost::interprocess::mapping_handle_t get_mapping_handle() const;

 private:
    UniqueFd descriptor_;
};

}  // namespace ipc::shm
