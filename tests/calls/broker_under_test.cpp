// SPDX-License-Identifier: Apache-2.0
#include "calls/broker_under_test.hpp"

#include "broker/raw_client.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace calls {

BrokerUnderTest::BrokerUnderTest(Chosen chosen) {
    const std::string configuration = (directory_.path() / "roudi.json").string();
    std::ofstream{configuration} << "{}";
    const ipc::shm::UniqueFd log{
        ::open((directory_.path() / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    const harness::Process::Start start{
        .executable = ROUDI_PATH,
        .arguments = {"--socket", socket(), "--config", configuration},
        .environment = {},
        .without = {"NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "ROUDI_READY_FD"},
        .descriptors = {{.number = STDERR_FILENO, .source = log.get()}}};
    calls_ = std::make_unique<FailingCalls>(FailingCalls::Whose::OfPrograms, chosen,
                                            [&] { process_.emplace(start); });
}

std::string BrokerUnderTest::log() const {
    std::ostringstream text;
    text << std::ifstream{directory_.path() / "log"}.rdbuf();
    return text.str();
}

bool BrokerUnderTest::has_ended() const {
    siginfo_t end{};
    return ::waitid(P_PID, static_cast<id_t>(process_->pid()), &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           end.si_pid != 0;
}

bool BrokerUnderTest::starts() const {
    return harness::eventually([&] {
               if (has_ended()) return true;
               try {
                   RawClient knocks{socket()};
                   knocks.hello("knocks", true);
                   return true;
               } catch (const std::exception&) {  // not yet, or never
                   return false;
               }
           }) &&
           !has_ended();
}

}  // namespace calls
