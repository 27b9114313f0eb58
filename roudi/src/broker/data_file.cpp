// SPDX-License-Identifier: Apache-2.0
#include "broker/data_file.hpp"

#include "broker/shortage.hpp"
#include "broker/violation.hpp"
#include "record/file_names.hpp"
#include "record/presented_files.hpp"

namespace roudi {

Granted<shm::MemoryFile> make_data_file(wire::Uuid segment, std::uint64_t size, bool in_huge_pages) {
    using Pages = shm::MemoryFile::Pages;
    auto file = shm::MemoryFile::create(data_name(segment).c_str(), size,
                                        in_huge_pages ? Pages::huge : Pages::ordinary);
    if (!file) return tl::unexpected{in_huge_pages ? no_huge_pages(file.error()) : shortage(file.error())};
    return std::move(*file);
}

tl::expected<shm::MemoryFile, wire::Violation> take_data_file(const std::string& claim,
                                                              shm::UniqueFd presented, wire::Uuid segment,
                                                              std::uint64_t size) {
    const auto files = PresentedFiles::create();
    if (!files) return violation(claim + ": " + shortage(files.error()).message);
    auto file = files->memory_file(std::move(presented), {.name = data_name(segment),
                                                          .seals = shm::MemoryFile::writer_seals,
                                                          .size = size,
                                                          .may_be_huge = true});
    if (!file) return violation(claim + " with " + file.error() + " as its data segment");
    return std::move(*file);
}

}  // namespace roudi
