// SPDX-License-Identifier: Apache-2.0
// Broker and clients as different users: what the kernel keeps apart, and what the broker does not permit.
// Needs root, which alone can become others.
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/temporary_directory.hpp"
#include "raw_client.hpp"
#include "service_stand_ins.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace fs = std::filesystem;

namespace {

constexpr uid_t broker_user = 65534;
constexpr uid_t owner = 61001;
constexpr uid_t stranger = 61002;

void become(uid_t user) {
    if (::setresgid(user, user, user) != 0 || ::setresuid(user, user, user) != 0)
        throw std::runtime_error{"cannot become another user"};
    // Else /proc/self is root's, and refuses what the descriptors would allow.
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) throw std::runtime_error{"PR_SET_DUMPABLE"};
}

bool can_reopen(const ipc::shm::UniqueFd& descriptor, int mode) {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor.get());
    return static_cast<bool>(ipc::shm::UniqueFd{::open(path.c_str(), mode | O_NONBLOCK | O_CLOEXEC)});
}

// The broker as another user, where other users get at it.
struct ForeignBroker {
    harness::TemporaryDirectory directory;
    std::string socket = directory.path() / "roudi.sock";
    NotifySocket manager{"@roudi-users-" + directory.path().filename().string()};
    harness::Process process;

    ForeignBroker() : process{start()} {
        if (manager.hear().find("READY=1") == std::string::npos) throw std::runtime_error{"no broker"};
    }

 private:
    harness::Process::Start start() {
        const fs::path program = directory.path() / "roudi";
        fs::copy_file(roudi_path(), program);
        fs::permissions(directory.path(), fs::perms::all);
        const std::string user = std::to_string(broker_user);
        return {.executable = "/usr/bin/setpriv",
                .arguments = {"--reuid", user, "--regid", user, "--clear-groups", program, "--system",
                              "--socket", socket},
                .environment = {{"NOTIFY_SOCKET", manager.path()}},
                .without = {"WATCHDOG_USEC"},
                .descriptors = {}};
    }
};

bool can_be_tried() {
    if (::geteuid() == 0 && fs::exists("/usr/bin/setpriv")) return true;
    WARN("not tried: only root can become other users");
    return false;
}

}  // namespace

ACTOR(owner_of_a_service) {
    become(owner);
    RawClient client{arguments.at(0)};
    client.hello("owner");
    const auto service = client.call<wire::ServiceOpened>(open_service("mine")).service;
    add_publisher(client, service);
    const auto subscriber = add_subscriber(client, service);
    for (const auto& [offer, descriptors] : subscriber.offers) {
        if (offer.sending) continue;
        test.tell(can_reopen(descriptors.at(2), O_RDWR) ? "data can be written" : "data is safe");
    }
    client.call<wire::WakeOffered>(wire::RequestWakeHandle{.port = subscriber.created.port});
    const auto handle = std::move(client.last_descriptors.at(0));
    client.expect<wire::WakeHandle>();
    test.tell(can_reopen(handle, O_RDONLY) ? "wake-ups can be swallowed" : "wake-ups are safe");
    test.tell(client.query("status")["broker"]["separated"] == true ? "separated" : "not separated");
    test.expect("end");
    return 0;
}

ACTOR(stranger_to_a_service) {
    become(stranger);
    RawClient client{arguments.at(0)};
    client.hello("stranger");
    const auto refused = client.call<wire::Refused>(open_service("mine"));
    test.tell(refused.code == wire::Refusal::NotPermitted ? refused.message : "another refusal");
    return 0;
}

TEST_CASE("users are kept apart by a broker that is none of them") {
    if (!can_be_tried()) return;
    ForeignBroker broker;
    harness::Actor mine{"owner_of_a_service", {broker.socket}};
    mine.expect("data is safe");
    mine.expect("wake-ups are safe");
    mine.expect("separated");

    harness::Actor theirs{"stranger_to_a_service", {broker.socket}};
    const std::string refusal = theirs.hear();
    INFO(refusal);
    CHECK(refusal.find("user " + std::to_string(owner)) != std::string::npos);
    CHECK(refusal.find("user " + std::to_string(stranger)) != std::string::npos);

    RawClient root{broker.socket};
    root.hello("root");
    CHECK_FALSE(root.call<wire::ServiceOpened>(open_service("mine")).created);
    const auto users = root.query("status")["users"];
    CHECK(users.size() >= 2);
    mine.tell("end");
}
