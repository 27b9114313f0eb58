// SPDX-License-Identifier: Apache-2.0
// Broker and clients as different users: what the kernel keeps apart, and what the broker does not permit.
// Needs root, which alone can become others.
#include "catch.hpp"
#include "foreign_broker.hpp"
#include "harness/actor.hpp"
#include "raw_client.hpp"
#include "shm/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

bool can_reopen(const ipc::shm::UniqueFd& descriptor, int mode) {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor.get());
    return static_cast<bool>(ipc::shm::UniqueFd{::open(path.c_str(), mode | O_NONBLOCK | O_CLOEXEC)});
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
    client.call<wire::WakeExpected>(wire::RequestWakeHandle{.port = subscriber.created.port});
    client.expect<wire::WakeOffered>();
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

ACTOR(viewer_of_the_camera) {
    become(stranger);
    RawClient client{arguments.at(0)};
    client.hello("viewer");
    const auto told = [&](const wire::ClientMessage& request) {
        client.ask(request);
        const auto heard = client.hear();
        const auto* refused = std::get_if<wire::Refused>(&heard->message);
        test.tell(refused == nullptr ? "granted" : refused->message);
    };
    told(open_service("camera/mine", wire::OpenMode::Create));
    told(open_service("private", wire::OpenMode::Open));
    const auto service =
        client.call<wire::ServiceOpened>(open_service("camera/front", wire::OpenMode::Open)).service;
    told({wire::CreatePort{
        .service = service, .name = "p", .settings = wire::PublisherSettings{.max_loaned_samples = 1}}});
    told({wire::CreatePort{.service = service, .name = "s", .settings = wire::SubscriberSettings{}}});
    test.tell(client.query("services").dump());
    client.ask(wire::Query{.what = "service", .argument = "private", .cursor = 0});
    test.tell(client.expect<wire::Refused>().message);
    test.tell(client.query("ports")["ports"].dump());
    test.tell(client.query("explain", R"({"name": "camera/front"})")["explain"].dump());
    return 0;
}

ACTOR(owner_of_the_camera) {
    become(owner);
    RawClient client{arguments.at(0)};
    client.hello("camera");
    const auto service = client.call<wire::ServiceOpened>(open_service("camera/front")).service;
    client.call<wire::ServiceOpened>(open_service("private"));
    client.call<wire::PortCreated>(publisher_request(service));
    test.tell("there");
    test.expect("end");
    return 0;
}

TEST_CASE("the policy decides what users may do in each other's services") {
    if (!can_be_tried()) return;
    ForeignBroker broker{R"([
{"services": "camera/*", "users": [61001], "allow": ["create"]},
{"services": "camera/*", "users": [61002], "allow": ["open", "receive", "observe"]},
{"services": "camera/*", "deny": ["create"]}])"};
    harness::Actor camera{"owner_of_the_camera", {broker.socket}};
    camera.expect("there");
    harness::Actor viewer{"viewer_of_the_camera", {broker.socket}};
    const auto says = [](const std::string& text, const std::vector<std::string>& parts) {
        INFO(text);
        for (const std::string& part : parts) CHECK(text.find(part) != std::string::npos);
    };
    says(viewer.hear(), {"roudi.json:4", "create", "\"camera/mine\"", "user 61002"});
    says(viewer.hear(), {"\"private\"", "user 61001", "user 61002", "its own user and root"});
    says(viewer.hear(), {"\"camera/front\"", "user 61002", "its own user and root"});  // to send
    CHECK(viewer.hear() == "granted");                                                 // to receive
    const auto services = nlohmann::json::parse(viewer.hear())["services"];
    REQUIRE(services.size() == 1);
    CHECK(services[0]["name"] == "camera/front");
    says(viewer.hear(), {"no service \"private\"", "may not observe it"});
    CHECK(nlohmann::json::parse(viewer.hear()).size() == 2);
    const auto explained = nlohmann::json::parse(viewer.hear());
    REQUIRE(explained.size() == 1);
    CHECK(explained[0]["creator"]["uid"] == owner);
    for (const auto& user : explained[0]["users"]) {
        const auto& may = user["may"];
        if (user["uid"] == owner)
            CHECK(may["send"] == nlohmann::json{{"allowed", true}, {"why", "created it"}});
        if (user["uid"] != stranger) continue;
        CHECK(may["send"] == nlohmann::json{{"allowed", false}, {"why", "default"}});
        CHECK(may["receive"]["allowed"] == true);
        says(may["receive"]["why"], {"roudi.json:3"});
    }
    CHECK(explained[0]["rules"].size() == 3);

    RawClient root{broker.socket};
    root.hello("root");
    CHECK(root.query("services")["services"].size() == 2);
    const auto about =
        root.query("explain", R"({"name": "somebody", "uid": 61001, "gids": [61001]})")["explain"];
    REQUIRE(about.size() == 1);
    CHECK(about[0]["kind"] == "user");
    CHECK(about[0]["holds"]["services"] == 2);
    CHECK(about[0]["holds"]["ports"] == 1);
    CHECK(about[0]["sessions"][0]["node"] == "camera");
    CHECK(about[0]["services"].size() == 2);
    camera.tell("end");
}

namespace {

// Whose socket it is, the kernel notes when it connects: so one process can be several users, in turn.
RawClient client_of(uid_t user, const std::string& socket) {
    if (::seteuid(user) != 0) throw std::runtime_error{"cannot become another user"};
    RawClient client{socket};
    if (::seteuid(0) != 0) throw std::runtime_error{"cannot become root again"};
    return client;
}

ipc::shm::UniqueFd memory_file_of(uid_t user, const std::string& name, const ipc::shm::UniqueFd& like) {
    std::vector<char> text(65536);
    if (::pread(like.get(), text.data(), text.size(), 0) < 0)
        throw std::runtime_error{"a record that cannot be read"};
    if (::seteuid(user) != 0) throw std::runtime_error{"cannot become another user"};
    ipc::shm::UniqueFd file{::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (::seteuid(0) != 0 || ::fchmod(file.get(), 0600) != 0 ||
        ::pwrite(file.get(), text.data(), text.size(), 0) < 0 ||
        ::fcntl(file.get(), F_ADD_SEALS, ipc::shm::MemoryFile::shared_seals) != 0)
        throw std::runtime_error{"no memory file"};
    return file;
}

}  // namespace

TEST_CASE("after a restart nobody gets what another user had, nor what he made himself") {
    if (!can_be_tried()) return;
    ForeignBroker broker;
    RawClient mine = client_of(owner, broker.socket);
    const auto welcome = mine.hello("owner");
    const auto counters = std::move(mine.last_descriptors.at(0));
    const auto record = std::move(mine.last_descriptors.at(1));
    mine.call<wire::ServiceOpened>(open_service("mine"));
    mine.hang_up();
    broker.restart();

    struct Claim {
        const char* what;
        uid_t user;
        std::function<ipc::shm::UniqueFd()> record;
        const char* reason;
    };
    const std::string name = "ipc-record-" + welcome.node.text();
    const std::vector<Claim> forged{
        {"another's record", stranger, [&] { return record.duplicate(); }, "with a record of user 61001"},
        {"another's record, as root", 0, [&] { return record.duplicate(); }, "with a record of user 61001"},
        {"a copy of one's own record", owner, [&] { return memory_file_of(owner, name, record); },
         "of user 61001, and one of the broker's user 65534"},
        {"a copy that another user made", stranger, [&] { return memory_file_of(stranger, name, record); },
         "of user 61002, and one of the broker's user 65534"},
    };
    const auto come_back = [&](RawClient& client, ipc::shm::UniqueFd presented) {
        wire::Hello hello;
        hello.node_name = "claimant";
        hello.features.emplace_back(wire::readopts_feature);
        client.call<wire::Welcome>(hello);
        std::vector<ipc::shm::UniqueFd> descriptors;
        descriptors.push_back(std::move(presented));
        descriptors.push_back(counters.duplicate());
        wire::FrameWriter writer;
        writer.enqueue(wire::encode(wire::Readopt{}, 0, std::move(descriptors)));
        writer.flush(client.socket());
    };
    for (const Claim& claim : forged) {
        INFO(claim.what);
        RawClient client = client_of(claim.user, broker.socket);
        come_back(client, claim.record());
        const std::string reason = client.reason_of_the_end();
        INFO(reason);
        CHECK(reason.find(claim.reason) != std::string::npos);
    }

    RawClient back = client_of(owner, broker.socket);
    come_back(back, record.duplicate());
    back.ask(wire::ReadoptDone{});
    back.expect<wire::Readopted>();
    RawClient root{broker.socket};
    root.hello("root", true);
    CHECK(root.query("status")["readopted"]["nodes"] == 1);
    CHECK(root.query("status")["ended"].size() == forged.size());
}
