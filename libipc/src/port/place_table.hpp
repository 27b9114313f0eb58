// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace ipc::port {

// The places of a receiving port. They are made one after the other, by one thread at a time, and are there
// for good: so who looks through them needs no lock.
template <class Place>
class PlaceTable {
 public:
    explicit PlaceTable(std::size_t most) : places_(most) {}

    std::size_t size() const { return used_.load(std::memory_order_acquire); }  // pairs with add()
    const std::unique_ptr<Place>& operator[](std::size_t index) const { return places_[index]; }

    // Those that are there when a loop begins.
    class Iterator {
     public:
        explicit Iterator(const std::unique_ptr<Place>* at) : at_{at} {}
        Place& operator*() const { return **at_; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return at_ != other.at_; }

     private:
        const std::unique_ptr<Place>* at_;
    };
    Iterator begin() const { return Iterator{places_.data()}; }
    Iterator end() const { return Iterator{places_.data() + size()}; }

    bool is_full() const { return used_.load(std::memory_order_relaxed) == places_.size(); }
    Place& add(std::unique_ptr<Place> place) {
        const std::size_t index = used_.load(std::memory_order_relaxed);
        places_[index] = std::move(place);
        used_.store(index + 1, std::memory_order_release);  // pairs with size()
        return *places_[index];
    }

 private:
    std::vector<std::unique_ptr<Place>> places_;  // of fixed size
    std::atomic<std::size_t> used_{0};
};

}  // namespace ipc::port
