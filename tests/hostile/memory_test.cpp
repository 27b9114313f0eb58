// SPDX-License-Identifier: Apache-2.0
// What can be tried with the descriptors of segments, by whoever was given them: as the broker's own user,
// and as another.
#include "broker/foreign_broker.hpp"
#include "broker/raw_client.hpp"
#include "hostile/honest_pair.hpp"
#include "shm/mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <vector>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

using namespace hostile;
using ipc::shm::UniqueFd;

namespace {

struct Crime {
    const char* what;
    std::function<bool(int)> succeeds;
};

std::string link_to(int descriptor) {
    return "/proc/self/fd/" + std::to_string(descriptor);
}

bool can_map_to_write(int descriptor) {
    void* const mapped = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) return false;
    ::munmap(mapped, 4096);
    return true;
}

// Of its size, and of its seals.
const std::vector<Crime> crimes_against_a_file{
    {"shrinking", [](int file) { return ::ftruncate(file, 64) == 0; }},
    {"emptying", [](int file) { return ::ftruncate(file, 0) == 0; }},
    {"emptying by opening",
     [](int file) {
         return static_cast<bool>(UniqueFd{::open(link_to(file).c_str(), O_RDWR | O_TRUNC | O_CLOEXEC)});
     }},
    {"growing", [](int file) { return ::ftruncate(file, 1 << 30) == 0; }},
    {"growing by allocating", [](int file) { return ::fallocate(file, 0, 1 << 29, 4096) == 0; }},
    {"writing behind the end", [](int file) { return ::pwrite(file, "x", 1, 1 << 30) == 1; }},
    {"collapsing", [](int file) { return ::fallocate(file, FALLOC_FL_COLLAPSE_RANGE, 0, 4096) == 0; }},
    {"sealing against writing", [](int file) { return ::fcntl(file, F_ADD_SEALS, F_SEAL_WRITE) == 0; }},
    {"sealing for good", [](int file) { return ::fcntl(file, F_ADD_SEALS, F_SEAL_SEAL) == 0; }},
};

// Of its content, for who may read it, or wrote it before.
const std::vector<Crime> crimes_against_data{
    {"writing", [](int file) { return ::pwrite(file, "x", 1, 0) == 1; }},
    {"mapping to write", can_map_to_write},
    {"punching a hole",
     [](int file) { return ::fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0; }},
    {"writing zeros", [](int file) { return ::fallocate(file, FALLOC_FL_ZERO_RANGE, 0, 4096) == 0; }},
};

std::vector<std::string> those_that_succeed(const std::vector<Crime>& crimes, int file) {
    std::vector<std::string> successes;
    for (const Crime& crime : crimes)
        if (crime.succeeds(file)) successes.emplace_back(crime.what);
    return successes;
}

// Has a publisher and a subscriber, and tries everything with both ends of what is between them.
int try_everything(const harness::Line& test, const std::string& socket) {
    RawClient client{socket};
    client.hello("liar");
    const auto service = client.call<wire::ServiceOpened>(open_service("mine")).service;
    const auto created = client.call<wire::PortCreated>(publisher_request(service, 2));
    const UniqueFd own = std::move(client.last_descriptors.at(0));
    const auto mapped = ipc::shm::Mapping::map(ipc::shm::MemoryFile{own.duplicate()}, created.data_size,
                                               ipc::shm::Access::ReadWrite)
                            .value();
    std::fill_n(mapped.data(), mapped.size(), std::byte{42});
    client.tell(wire::DataMapped{.port = created.port});
    const auto subscriber = add_subscriber(client, service);

    const auto tell = [&](const std::string& what, const std::vector<std::string>& successes) {
        for (const std::string& success : successes) test.tell(what + ": " + success);
    };
    for (const auto& [offer, descriptors] : subscriber.offers) {
        // Both halves have the whole connection to write to; its size is nobody's.
        tell("connection", those_that_succeed(crimes_against_a_file, descriptors.at(0).get()));
        if (offer.sending) continue;
        const UniqueFd& data = descriptors.at(2);
        std::vector<const UniqueFd*> ways{&data, &own};
        const UniqueFd reopened{::open(link_to(data.get()).c_str(), O_RDWR | O_CLOEXEC)};
        const UniqueFd own_again{::open(link_to(own.get()).c_str(), O_RDWR | O_CLOEXEC)};
        for (const UniqueFd* way : {&reopened, &own_again})
            if (*way) ways.push_back(way);
        test.tell(ways.size() == 2 ? "no way to reopen" : "reopened");
        for (const UniqueFd* way : ways) {
            tell("data", those_that_succeed(crimes_against_a_file, way->get()));
            tell("data", those_that_succeed(crimes_against_data, way->get()));
        }
    }
    const bool untouched = std::all_of(mapped.data(), mapped.data() + mapped.size(),
                                       [](std::byte b) { return b == std::byte{42}; });
    test.tell(untouched ? "untouched" : "touched");
    test.tell(client.query("status")["broker"]["separated"] == true ? "separated" : "not separated");
    return 0;
}

}  // namespace

ACTOR(liar_of_the_same_user) {
    return try_everything(test, arguments.at(0));
}

ACTOR(liar_of_another_user) {
    become(owner);
    return try_everything(test, arguments.at(0));
}

TEST_CASE("the kernel lets nobody write, shrink, grow, punch or seal a segment that he was given to read",
          "[memory]") {
    const harness::BrokerProcess broker;
    harness::Actor liar{"liar_of_the_same_user", {broker.socket()}};
    liar.expect("reopened");  // where broker and client are one user; it helps nobody
    liar.expect("untouched");
    liar.expect("not separated");
}

TEST_CASE("nor anybody of another user than the broker's, who cannot even reopen it", "[memory]") {
    if (!can_be_tried()) return;
    const ForeignBroker broker;
    harness::Actor liar{"liar_of_another_user", {broker.socket}};
    liar.expect("no way to reopen");
    liar.expect("untouched");
    liar.expect("separated");
}

TEST_CASE("whoever seals its own memory before the broker does loses its session, and nobody else notices",
          "[memory]") {
    HonestPair pair{"chunks"};
    for (const int seal : {F_SEAL_SEAL, F_SEAL_SEAL | F_SEAL_FUTURE_WRITE}) {
        RawClient liar{pair.broker.socket()};
        liar.hello("liar");
        const auto service = liar.call<wire::ServiceOpened>(open_service("mine")).service;
        const auto created = half_a_publisher(liar, service);
        REQUIRE(::fcntl(liar.last_descriptors.at(0).get(), F_ADD_SEALS, seal) == 0);
        liar.tell(wire::DataMapped{.port = created.port});
        CHECK(liar.reason_of_the_end().find("sealing") != std::string::npos);
    }
    pair.go_on();
    pair.end(true);
}
