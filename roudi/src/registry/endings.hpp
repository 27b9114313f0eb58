// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/uuid.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace roudi {

namespace wire = ipc::wire;

// Which of the histories that are kept end at some time, the next one first.
class Endings {
    struct What {
        std::string service;
        wire::Uuid publisher;
    };
    using All = std::multimap<std::chrono::steady_clock::time_point, What>;

 public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // Is with the history that ends then, and is taken out along with it.
    class Ending {
     public:
        Ending() = default;
        Ending(Ending&& other) noexcept
            : all_{std::exchange(other.all_, nullptr)}, position_{other.position_} {}
        Ending& operator=(Ending&& other) noexcept {
            std::swap(all_, other.all_);
            std::swap(position_, other.position_);
            return *this;
        }
        ~Ending() {
            if (all_ != nullptr) all_->erase(position_);
        }
        // Nothing: it never ends.
        std::optional<TimePoint> when() const {
            return all_ == nullptr ? std::nullopt : std::optional{position_->first};
        }

     private:
        friend class Endings;
        Ending(All& all, All::iterator position) : all_{&all}, position_{position} {}
        All* all_ = nullptr;
        All::iterator position_;
    };

    [[nodiscard]] Ending add(TimePoint when, std::string service, wire::Uuid publisher) {
        return {all_, all_.emplace(when, What{std::move(service), publisher})};
    }
    const All& all() const { return all_; }

 private:
    All all_;
};

}  // namespace roudi
