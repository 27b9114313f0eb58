// SPDX-License-Identifier: Apache-2.0
#include "broker_watch.hpp"

#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace ipc::control {

namespace {

constexpr std::chrono::milliseconds first_look{1};
constexpr std::chrono::milliseconds longest_pause{250};
constexpr std::chrono::milliseconds after_first_refusal{20};
constexpr unsigned most_doublings = 9;  // some ten seconds

}  // namespace

bool BrokerWatch::begin(const std::string& socket) {
    if (!timer_) {
        timer_ = shm::UniqueFd{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
        if (!timer_ || !poll_set_.add(timer_.get(), EPOLLIN, timer_token_)) {
            timer_.reset();
            return false;
        }
        watch_directory_of(socket);
    }
    delay_ = first_look;
    look_in(delay_);
    return true;
}

void BrokerWatch::not_there() {
    delay_ = std::min(2 * delay_, longest_pause);
    look_in(delay_);
}

void BrokerWatch::not_taken_back() {
    look_in(after_first_refusal * (1U << refusals_));
    refusals_ = std::min(refusals_ + 1, most_doublings);
}

void BrokerWatch::pause() {
    look_in(std::chrono::milliseconds{0});
}

// The directory's descriptor is kept: to close it waits until the kernel's workers have destroyed its
// watches, which takes many milliseconds, and seconds where processors are busy.
void BrokerWatch::end() {
    if (timer_) poll_set_.remove(timer_.get());
    timer_.reset();
    if (directory_ && watch_ >= 0) {
        poll_set_.remove(directory_.get());
        ::inotify_rm_watch(directory_.get(), watch_);
        watch_ = -1;
    }
    refusals_ = 0;
}

// Where it cannot be had, the timer has to do.
void BrokerWatch::watch_directory_of(const std::string& socket) {
    if (!directory_) directory_ = shm::UniqueFd{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    std::error_code unknown;  // then there is nothing to watch
    const auto directory = std::filesystem::absolute(socket, unknown).parent_path();
    if (!directory_) return;
    take_events();  // that the last watch ended is one
    watch_ = ::inotify_add_watch(directory_.get(), directory.c_str(), IN_CREATE | IN_MOVED_TO);
    if (watch_ < 0 || poll_set_.add(directory_.get(), EPOLLIN, directory_token_)) return;
    ::inotify_rm_watch(directory_.get(), watch_);
    watch_ = -1;
}

void BrokerWatch::take_events() {
    alignas(inotify_event) std::array<char, 4096> taken;
    while (::read(directory_.get(), taken.data(), taken.size()) > 0) {
    }
}

// Zero stops it.
void BrokerWatch::look_in(std::chrono::milliseconds delay) {
    const itimerspec when{.it_interval = {},
                          .it_value = {.tv_sec = delay.count() / 1000,
                                       .tv_nsec = static_cast<long>(delay.count() % 1000) * 1'000'000}};
    ::timerfd_settime(timer_.get(), 0, &when, nullptr);
}

bool BrokerWatch::is_due(std::uint64_t token) {
    std::uint64_t times = 0;
    if (token == timer_token_) return ::read(timer_.get(), &times, sizeof times) > 0;
    if (token != directory_token_) return false;
    take_events();
    // A socket is there before its broker listens: the next looks are soon, too.
    delay_ = first_look;
    return true;
}

void BrokerWatch::close_descriptors() {
    timer_.reset();
    directory_.reset();
}

}  // namespace ipc::control
