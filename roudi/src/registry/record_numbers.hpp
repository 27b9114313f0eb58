// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/counters.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

namespace roudi {

class Record;

// Hands out the records of a node's counters segment: one that was freed, or else the lowest never used.
class RecordNumbers {
 public:
    std::optional<Record> take();
    // This one, which a node had before. Nothing where it is taken, or none of a segment's.
    std::optional<Record> take(std::uint32_t number);

 private:
    friend class Record;
    std::uint32_t next_ = 0;
    std::set<std::uint32_t> freed_;
};

// The number of a record, free again when this object ends.
class Record {
 public:
    Record() = default;
    Record(Record&& other) noexcept : owner_{std::exchange(other.owner_, nullptr)}, number_{other.number_} {}
    Record& operator=(Record&& other) noexcept {
        std::swap(owner_, other.owner_);
        std::swap(number_, other.number_);
        return *this;
    }
    ~Record() {
        if (owner_ != nullptr) owner_->freed_.insert(number_);
    }
    std::uint32_t number() const { return number_; }

 private:
    friend class RecordNumbers;
    Record(RecordNumbers* owner, std::uint32_t number) : owner_{owner}, number_{number} {}

    RecordNumbers* owner_ = nullptr;
    std::uint32_t number_ = 0;
};

inline std::optional<Record> RecordNumbers::take() {
    if (!freed_.empty()) {
        const std::uint32_t number = *freed_.begin();
        freed_.erase(freed_.begin());
        return Record{this, number};
    }
    if (next_ == ipc::layout::Counters::record_count) return std::nullopt;
    return Record{this, next_++};
}

inline std::optional<Record> RecordNumbers::take(std::uint32_t number) {
    if (number >= ipc::layout::Counters::record_count) return std::nullopt;
    while (next_ <= number) freed_.insert(freed_.end(), next_++);
    if (freed_.erase(number) == 0) return std::nullopt;
    return Record{this, number};
}

}  // namespace roudi
