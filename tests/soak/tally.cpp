// SPDX-License-Identifier: Apache-2.0
#include "soak/tally.hpp"

#include "shm/unique_fd.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace soak {

namespace {

constexpr std::size_t texts = 32;
constexpr std::size_t longest = 400;

}  // namespace

struct Tally::Words {
    std::array<std::atomic<std::uint64_t>, name_of_kinds.size()> verified;
    std::atomic<std::uint64_t> violations;
    std::array<std::array<char, longest>, texts> text;
};

Tally::Tally(const std::filesystem::path& file) {
    const ipc::shm::UniqueFd descriptor{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!descriptor || ::ftruncate(descriptor.get(), sizeof(Words)) != 0)
        throw std::runtime_error{"no tally at " + file.string()};
    void* memory = ::mmap(nullptr, sizeof(Words), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0);
    if (memory == MAP_FAILED) throw std::runtime_error{"the tally cannot be mapped"};
    words_ = static_cast<Words*>(memory);
}

Tally::~Tally() {
    ::munmap(words_, sizeof(Words));
}

void Tally::verified(Kind kind, std::uint64_t count) {
    words_->verified[static_cast<std::size_t>(kind)] += count;
}

void Tally::found(std::string_view violation) {
    const std::uint64_t number = words_->violations++;
    if (number >= texts) return;
    auto& text = words_->text[number];
    std::copy_n(violation.data(), std::min(violation.size(), longest - 1), text.data());
}

std::uint64_t Tally::count_of(Kind kind) const {
    return words_->verified[static_cast<std::size_t>(kind)];
}

std::uint64_t Tally::violations() const {
    return words_->violations;
}

std::vector<std::string> Tally::first_violations() const {
    std::vector<std::string> first;
    for (std::size_t i = 0; i < std::min<std::size_t>(words_->violations, texts); ++i)
        first.emplace_back(words_->text[i].data());
    return first;
}

}  // namespace soak
