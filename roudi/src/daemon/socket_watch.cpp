// SPDX-License-Identifier: Apache-2.0
#include "daemon/socket_watch.hpp"

#include "shm/unique_fd.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <utility>

namespace roudi {

namespace shm = ipc::shm;

namespace {

constexpr std::uint32_t what_takes_a_file_away =
    IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::chrono::milliseconds a_moment{100};

std::string directory_of(const std::string& socket) {
    const auto directory = std::filesystem::path{socket}.parent_path();
    return directory.empty() ? "." : directory.string();
}

}  // namespace

SocketWatch::SocketWatch(asio::io_context& loop, const std::string& socket, std::function<void()> look)
    : directory_{directory_of(socket)}, look_{std::move(look)}, changes_{loop}, again_{loop} {}

SocketWatch::Begun SocketWatch::begin() {
    shm::UniqueFd changes{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
    if (!changes) return shm::failed("inotify_init1");
    boost::system::error_code error;
    changes_.assign(changes.get(), error);
    if (error) return tl::unexpected{shm::SystemError{.operation = "epoll_ctl", .code = error.value()}};
    (void)changes.release();
    auto watched = watch_directory();
    if (watched) await_changes();
    return watched;
}

SocketWatch::Begun SocketWatch::watch_directory() {
    if (::inotify_add_watch(changes_.native_handle(), directory_.c_str(), what_takes_a_file_away) < 0)
        return shm::failed("inotify_add_watch");
    return {};
}

void SocketWatch::await_changes() {
    changes_.async_wait(asio::posix::descriptor_base::wait_read,
                        [this](const boost::system::error_code& error) {
                            if (error) return;
                            // What they are does not matter: whoever is told looks for himself.
                            std::array<char, 4096> events;
                            while (::read(changes_.native_handle(), events.data(), events.size()) > 0) {
                            }
                            look_();
                            await_changes();
                        });
}

void SocketWatch::look_again() {
    again_.expires_after(a_moment);
    again_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        if (!watch_directory()) look_again();
        look_();
    });
}

void SocketWatch::end() {
    boost::system::error_code ignored;  // nothing to cancel is fine
    changes_.close(ignored);
    again_.cancel();
}

}  // namespace roudi
