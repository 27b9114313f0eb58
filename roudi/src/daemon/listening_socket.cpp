// SPDX-License-Identifier: Apache-2.0
#include "daemon/listening_socket.hpp"

#include "daemon/other_broker.hpp"
#include "daemon/unix_address.hpp"
#include "shm/system_error.hpp"
#include "text/number.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace roudi {

namespace shm = ipc::shm;

namespace {

tl::unexpected<Failure> system_failure(const std::string& what, const std::string& what_to_do) {
    return tl::unexpected{
        Failure{.code = ExitCode::Failed,
                .message = what + ": " + std::generic_category().message(errno) + "; " + what_to_do}};
}

tl::unexpected<Failure> already_running(const std::string& path, const std::string& other) {
    return tl::unexpected{Failure{.code = ExitCode::AlreadyRunning,
                                  .message = "another broker (" + other + ") listens at " + path +
                                             ": use that one, end it, or choose another socket"}};
}

tl::expected<void, Failure> make_directory(const std::filesystem::path& directory) {
    std::error_code error;
    const bool made = std::filesystem::create_directories(directory, error);
    if (error) {
        errno = error.value();
        return system_failure("the socket's directory " + directory.string() + " cannot be made",
                              "make it, or choose another with --socket");
    }
    if (made && ::chmod(directory.c_str(), 0755) != 0)
        return system_failure("chmod of " + directory.string(), "make it yourself");
    return {};
}

tl::expected<shm::UniqueFd, Failure> lock(const std::string& socket_path) {
    const std::string path = socket_path + ".lock";
    shm::UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file)
        return system_failure("the lock " + path + " cannot be opened",
                              "choose a directory that is yours with --socket");
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
    if (errno != EWOULDBLOCK) return system_failure("flock of " + path, "choose another directory");
    const auto other = find_other_broker(socket_path);
    return already_running(socket_path, other ? *other : "it holds " + path + " and does not listen yet");
}

std::optional<int> environment_number(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    return number_in<int>(text);
}

std::string path_of(int descriptor) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
    return address.sun_path;
}

}  // namespace

tl::expected<ListeningSocket, Failure> ListeningSocket::open(const std::string& path, mode_t mode) {
    const auto address = UnixAddress::of(path);
    if (!address)
        return tl::unexpected{Failure{.code = ExitCode::Usage,
                                      .message = "the socket's path has " + std::to_string(path.size()) +
                                                 " bytes, and 1 to " +
                                                 std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                                                 " are possible: choose another with --socket"}};
    const auto directory = std::filesystem::path{path}.parent_path();
    if (!directory.empty()) {
        if (auto made = make_directory(directory); !made) return tl::unexpected{std::move(made.error())};
    }

    ListeningSocket result;
    auto locked = lock(path);
    if (!locked) return tl::unexpected{std::move(locked.error())};
    result.lock_ = std::move(*locked);
    // A broker that a service manager started has no lock.
    if (const auto other = find_other_broker(path)) return already_running(path, *other);

    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode))
        return tl::unexpected{
            Failure{.code = ExitCode::Usage,
                    .message = path + " exists and is no socket: move it away, or choose another path"}};
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return system_failure("the stale socket " + path + " cannot be removed", "remove it yourself");

    result.descriptor_ = shm::UniqueFd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!result.descriptor_) return system_failure("socket", "raise the limits of this process");
    // Nobody else may connect between bind() and chmod().
    const mode_t before = ::umask(0177);
    const int bound = ::bind(result.descriptor_.get(), address->get(), address->size);
    ::umask(before);
    if (bound != 0) return system_failure("the socket " + path + " cannot be made", "choose another path");
    result.path_ = path;
    result.made_here_ = true;
    result.mode_ = mode;
    if (::lstat(path.c_str(), &status) != 0)
        return system_failure("the socket " + path + " cannot be looked at", "choose another path");
    result.device_ = status.st_dev;
    result.inode_ = status.st_ino;
    if (::chmod(path.c_str(), mode) != 0) return system_failure("chmod of " + path, "choose another path");
    if (::listen(result.descriptor_.get(), SOMAXCONN) != 0)
        return system_failure("listen at " + path, "choose another path");
    return result;
}

tl::expected<ListeningSocket, Failure> ListeningSocket::inherited() {
    constexpr int first_descriptor = 3;  // by convention of the service manager
    ListeningSocket result;
    const auto pid = environment_number("LISTEN_PID");
    const auto count = environment_number("LISTEN_FDS");
    if (!pid || !count || *pid != ::getpid()) return result;
    const auto wrong = [](const std::string& what) {
        return tl::unexpected{Failure{.code = ExitCode::Usage,
                                      .message = "the service manager passed " + what +
                                                 ", and one listening Unix stream socket is expected"}};
    };
    if (*count != 1) return wrong(std::to_string(*count) + " descriptors");
    int listening = 0;
    int domain = 0;
    socklen_t size = sizeof listening;
    if (::getsockopt(first_descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0 ||
        ::getsockopt(first_descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_UNIX)
        return wrong("another kind of descriptor");
    const int flags = ::fcntl(first_descriptor, F_GETFL);
    if (::fcntl(first_descriptor, F_SETFD, FD_CLOEXEC) != 0 ||
        ::fcntl(first_descriptor, F_SETFL, flags | O_NONBLOCK) != 0)
        return system_failure("fcntl of the inherited socket", "start the broker without socket activation");
    result.descriptor_ = shm::UniqueFd{first_descriptor};
    result.path_ = path_of(first_descriptor);
    return result;
}

bool ListeningSocket::is_there() const {
    if (!made_here_) return true;
    struct stat status {};
    if (::lstat(path_.c_str(), &status) != 0) return errno != ENOENT && errno != ENOTDIR;
    return status.st_dev == device_ && status.st_ino == inode_;
}

tl::expected<ListeningSocket, Failure> ListeningSocket::made_again() {
    lock_.reset();  // it may be another file by now, and this one would be in our own way
    return open(path_, mode_);
}

void ListeningSocket::take_over(ListeningSocket fresh) {
    descriptor_ = std::move(fresh.descriptor_);
    lock_ = std::move(fresh.lock_);
    device_ = fresh.device_;
    inode_ = fresh.inode_;
}

ListeningSocket::~ListeningSocket() {
    // Nothing can be done about a failure, and the next broker takes a stale socket over.
    if (descriptor_ && made_here_ && is_there()) (void)::unlink(path_.c_str());
}

}  // namespace roudi
