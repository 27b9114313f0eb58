// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.hpp"

#include "broker/version.hpp"

#include <boost/system/system_error.hpp>

#include <sys/signalfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>

namespace roudi {

namespace {

constexpr int accepts_in_a_row = 64;

// Not Asio's set of signals, which hears of none, and does not say so, where its pipe cannot be watched.
int signal_descriptor() {
    sigset_t heard;
    ::sigemptyset(&heard);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        ::sigaddset(&heard, signal);
        std::signal(signal, SIG_DFL);  // of one that nohup or a shell has us ignore, nothing would be heard
    }
    ::pthread_sigmask(SIG_BLOCK, &heard, nullptr);
    const int descriptor = ::signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0)
        throw boost::system::system_error{errno, boost::system::system_category(), "signalfd"};
    return descriptor;
}

}  // namespace

Daemon::Daemon(Parts parts)
    : parts_{std::move(parts)},
      broker_{parts_.settings, parts_.log},
      admission_{loop_, broker_, parts_.settings, parts_.log},
      inquiry_{broker_, {.settings = parts_.settings, .sources = parts_.sources, .embedded = false}},
      listener_{loop_, parts_.listening.descriptor()},
      signals_{loop_, signal_descriptor()},
      watchdog_{loop_},
      idleness_{loop_},
      retry_{loop_},
      socket_watch_{loop_, parts_.listening.path(), [this] { look_after_socket(); }} {
    broker_.set_inquiry(
        [this](const wire::Query& query, const Identity& who) { return inquiry_.answer(query, who); });
    admission_.on_end = [this] { session_ended(); };
}

void Daemon::run() {
    await_clients();
    await_signal();
    // One that was passed is looked after by who passed it.
    if (auto watched = parts_.listening.is_ours() ? socket_watch_.begin() : SocketWatch::Begun{}; !watched)
        parts_.log.warning("nobody would notice if the socket were deleted: " + watched.error().message());
    feed_watchdog();
    watch_idleness();
    parts_.log.info("roudi " + std::string{version} + " accepts clients at " + parts_.listening.path());
    service_manager_.tell("READY=1\nSTATUS=accepting clients at " + parts_.listening.path());
    if (parts_.ready_descriptor) report_ready(*parts_.ready_descriptor);
    loop_.run();
    listener_.release();  // the listening socket closes it
}

void Daemon::await_clients() {
    listener_.async_wait(asio::posix::descriptor_base::wait_read,
                         [this](const boost::system::error_code& error) {
                             if (!error && !stopping_) accept_clients();
                         });
}

// Somebody may clear up its directory. Who is connected has nothing to do with that.
void Daemon::look_after_socket() {
    if (stopping_ || parts_.listening.is_there()) return;
    auto fresh = parts_.listening.made_again();
    boost::system::error_code error;
    if (fresh) {
        listener_.release();
        listener_.assign(fresh->descriptor(), error);
    }
    if (fresh && !error) {
        parts_.listening.take_over(std::move(*fresh));
        await_clients();
        parts_.log.warning("the socket " + parts_.listening.path() + " was gone, and is there again");
        socket_lost_ = false;
    } else if (!std::exchange(socket_lost_, true)) {
        parts_.log.error("the socket " + parts_.listening.path() +
                         " is gone, and nobody can connect until it can be made again: " +
                         (fresh ? error.message() : fresh.error().message));
    }
    socket_watch_.look_again();  // what it is in may be new, too
}

void Daemon::accept_clients() {
    for (int i = 0; i < accepts_in_a_row; ++i) {
        shm::UniqueFd socket = std::move(at_the_door_);
        if (!socket) socket = accept_one();
        if (!socket) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) return pause();
            if (errno == EAGAIN || errno == EWOULDBLOCK) break;
            continue;  // a client's trouble, which is gone again
        }
        at_the_door_ = admission_.admit(std::move(socket));
        if (at_the_door_) {
            errno = EMFILE;
            return pause();
        }
        out_of_descriptors_ = false;
    }
    idleness_.cancel();
    watch_idleness();
    await_clients();
}

shm::UniqueFd Daemon::accept_one() const {
    return shm::UniqueFd{
        ::accept4(parts_.listening.descriptor(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
}

// Clients stay in the socket's queue, which stays readable: to wait for it would spin.
void Daemon::pause() {
    if (!std::exchange(out_of_descriptors_, true))
        parts_.log.warning("no client is accepted until another one leaves: " +
                           shm::failed("accepting one").value().message() +
                           "; raise the limit on descriptors");
    // Others may be the ones who use them up, and give no sign when they stop.
    retry_.expires_after(std::chrono::seconds{1});
    retry_.async_wait([this](const boost::system::error_code&) {  // in time, or cancelled by a session's end
        if (!stopping_) accept_clients();
    });
}

void Daemon::session_ended() {
    if (stopping_) return;
    retry_.cancel();
    if (admission_.size() == 0) watch_idleness();
}

void Daemon::await_signal() {
    signals_.async_wait(asio::posix::descriptor_base::wait_read,
                        [this](const boost::system::error_code& error) {
                            if (!error) take_signals();
                        });
}

void Daemon::take_signals() {
    signalfd_siginfo signal{};
    while (::read(signals_.native_handle(), &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo != SIGHUP) return stop(signal.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT");
        reload();
    }
    await_signal();
}

void Daemon::reload() {
    service_manager_.tell("RELOADING=1");
    auto fresh = parts_.reload();
    if (fresh) {
        apply(std::move(*fresh));
        parts_.log.info("the configuration was read again");
    } else {
        parts_.log.error("the configuration stays as it was: " + fresh.error());
    }
    service_manager_.tell("READY=1");
}

void Daemon::apply(Configuration fresh) {
    struct Fixed {
        const char* key;
        std::string Settings::*value;
    };
    for (const Fixed& fixed : {Fixed{"socket", &Settings::socket}, Fixed{"log.sink", &Settings::log_sink}}) {
        std::string& asked = fresh.settings.*fixed.value;
        const std::string& has = parts_.settings.*fixed.value;
        if (asked != has)
            parts_.log.warning(std::string{fixed.key} + " stays " + has + ", and " + asked +
                               " takes effect at the next start");
        asked = has;
    }
    parts_.settings = std::move(fresh.settings);
    inquiry_.set_sources(std::move(fresh.sources));
    broker_.ledger().change(parts_.settings.quotas);
    broker_.permissions().change(parts_.settings.policy);
    idleness_.cancel();
    watch_idleness();
}

void Daemon::feed_watchdog() {
    const auto interval = service_manager_.watchdog_interval();
    if (!interval) return;
    watchdog_.expires_after(*interval);
    watchdog_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        service_manager_.tell("WATCHDOG=1");
        feed_watchdog();
    });
}

void Daemon::watch_idleness() {
    if (parts_.settings.idle_exit_seconds == 0 || admission_.size() > 0) return;
    idleness_.expires_after(std::chrono::seconds{parts_.settings.idle_exit_seconds});
    idleness_.async_wait([this](const boost::system::error_code& error) {
        if (!error && admission_.size() == 0) stop("it was idle");
    });
}

void Daemon::stop(const std::string& why) {
    stopping_ = true;
    parts_.log.info("roudi ends: " + why);
    service_manager_.tell("STOPPING=1\nSTATUS=ending: " + why);
    admission_.close_all("the broker ends: " + why);
    boost::system::error_code ignored;  // nothing to cancel is fine
    listener_.cancel(ignored);
    signals_.cancel(ignored);
    watchdog_.cancel();
    idleness_.cancel();
    retry_.cancel();
    socket_watch_.end();
}

}  // namespace roudi
