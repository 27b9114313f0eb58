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

// Where it cannot be had, the timer has to do.
shm::UniqueFd watch_directory_of(const std::string& socket) {
    shm::UniqueFd watch{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    std::error_code unknown;  // then there is nothing to watch
    const auto directory = std::filesystem::absolute(socket, unknown).parent_path();
    if (watch && ::inotify_add_watch(watch.get(), directory.c_str(), IN_CREATE | IN_MOVED_TO) < 0) return {};
    return watch;
}

}  // namespace

bool BrokerWatch::begin(const std::string& socket) {
    if (!timer_) {
        timer_ = shm::UniqueFd{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
        if (!timer_ || !poll_set_.add(timer_.get(), EPOLLIN, timer_token_)) {
            timer_.reset();
            return false;
        }
        directory_ = watch_directory_of(socket);
        if (directory_ && !poll_set_.add(directory_.get(), EPOLLIN, directory_token_)) directory_.reset();
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

void BrokerWatch::end() {
    for (shm::UniqueFd* descriptor : {&timer_, &directory_}) {
        if (*descriptor) poll_set_.remove(descriptor->get());
        descriptor->reset();
    }
    refusals_ = 0;
}

// Zero stops it.
void BrokerWatch::look_in(std::chrono::milliseconds delay) {
    const itimerspec when{.it_interval = {},
                          .it_value = {.tv_sec = delay.count() / 1000,
                                       .tv_nsec = static_cast<long>(delay.count() % 1000) * 1'000'000}};
    ::timerfd_settime(timer_.get(), 0, &when, nullptr);
}

bool BrokerWatch::is_due(std::uint64_t token) {
    alignas(inotify_event) std::array<char, 4096> taken;
    if (token == timer_token_) return ::read(timer_.get(), taken.data(), sizeof(std::uint64_t)) > 0;
    if (token != directory_token_) return false;
    while (::read(directory_.get(), taken.data(), taken.size()) > 0) {
    }
    // A socket is there before its broker listens: the next looks are soon, too.
    delay_ = first_look;
    return true;
}

void BrokerWatch::close_descriptors() {
    timer_.reset();
    directory_.reset();
}

}  // namespace ipc::control
