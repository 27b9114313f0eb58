// SPDX-License-Identifier: Apache-2.0
#include "roudi/embedded.hpp"

#include "session/admission.hpp"
#include "status/inquiry.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <system_error>
#include <thread>

namespace roudi {

namespace {

// Nothing: the application's output is not ours. Status shows what went wrong.
class Silence : public Log {
    void emit(Level, const std::string&) override {}
};

}  // namespace

struct EmbeddedBroker::Running {
    Settings settings;
    Silence log;
    asio::io_context loop{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
    Broker broker{settings, log};
    Admission admission{loop, broker, settings, log};
    Inquiry inquiry{broker, {.settings = settings, .sources = {}, .embedded = true}};
    pid_t born_in = ::getpid();
    std::thread thread;
};

EmbeddedBroker::EmbeddedBroker(std::unique_ptr<Running> running) : running_{std::move(running)} {}

tl::expected<std::unique_ptr<EmbeddedBroker>, std::string> EmbeddedBroker::start() {
    auto running = std::make_unique<Running>();
    Running& broker = *running;
    broker.broker.set_inquiry([&broker](const wire::Query& query, const Identity& who) {
        return broker.inquiry.answer(query, who);
    });
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // inherited by the thread
    std::string failure;
    try {
        (void)asio::steady_timer{broker.loop};  // makes what waits for events
        broker.thread = std::thread{[&broker] { broker.loop.run(); }};
    } catch (const boost::system::system_error& error) {
        failure = std::string{"the embedded broker cannot wait for anything: "} + error.what();
    } catch (const std::system_error& error) {
        failure = std::string{"the embedded broker's thread cannot be started: "} + error.what();
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (!failure.empty()) return tl::unexpected{std::move(failure)};
    return std::unique_ptr<EmbeddedBroker>{new EmbeddedBroker{std::move(running)}};
}

EmbeddedBroker::~EmbeddedBroker() {
    if (running_->born_in != ::getpid()) {
        // The thread is the parent's, and holds whatever it held when the process was copied.
        (void)running_.release();
        return;
    }
    asio::post(running_->loop, [this] {
        running_->admission.close_all("the embedded broker ends");
        running_->work.reset();  // run() returns when the last handler has let go of its session
    });
    running_->thread.join();
}

ipc::shm::UniqueFd EmbeddedBroker::connect() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) return {};
    auto ours = std::make_shared<shm::UniqueFd>(ends[0]);
    // Without a descriptor left nobody gets a session: the client sees its socket end.
    asio::post(running_->loop, [this, ours] { (void)running_->admission.admit(std::move(*ours)); });
    return shm::UniqueFd{ends[1]};
}

}  // namespace roudi
