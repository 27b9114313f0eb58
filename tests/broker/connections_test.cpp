// SPDX-License-Identifier: Apache-2.0
// What two clients are told about each other, and which descriptors they get.
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"
#include "layout/connection.hpp"
#include "raw_client.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace {

constexpr int size_seals = F_SEAL_GROW | F_SEAL_SHRINK;

// But for the seal against execution, which only newer kernels put.
int seals(const ipc::shm::UniqueFd& descriptor) {
    constexpr int execution = 0x0020;
    return ::fcntl(descriptor.get(), F_GET_SEALS) & ~execution;
}
// Of the broker, at rest: its answer to a question comes after it closed what it sent before.
std::size_t open_descriptors(const harness::BrokerProcess& broker, RawClient& client) {
    client.query("status");
    return harness::open_descriptors(broker.pid());
}
int access_mode(const ipc::shm::UniqueFd& descriptor) {
    return ::fcntl(descriptor.get(), F_GETFL) & O_ACCMODE;
}
struct stat status_of(const ipc::shm::UniqueFd& descriptor) {
    struct stat status {};
    REQUIRE(::fstat(descriptor.get(), &status) == 0);
    return status;
}

// A publisher and a subscriber of one service, in two sessions, connected.
struct Pair {
    harness::BrokerProcess broker;
    RawClient sender{broker.socket()};
    RawClient receiver{broker.socket()};
    std::uint64_t service = 0;
    RawPort publisher;
    RawPort subscriber;
    ipc::shm::UniqueFd data;
    wire::ConnectionOffered to_sender;
    wire::Uuid connection;

    Pair() {
        sender.hello("sender");
        receiver.hello("receiver");
        service = sender.call<wire::ServiceOpened>(open_service("pair")).service;
        receiver.call<wire::ServiceOpened>(open_service("pair"));
        publisher = add_publisher(sender, service);
        subscriber = add_subscriber(receiver, service);
        connection = subscriber.created.connections.at(0);
        to_sender = sender.expect<wire::ConnectionOffered>();
    }
};

}  // namespace

ACTOR(subscriber_that_says_goodbye) {
    RawClient client{arguments.at(0)};
    client.hello("short-lived");
    add_subscriber(client, client.call<wire::ServiceOpened>(open_service("short")).service);
    test.tell("there");
    test.expect("go");
    client.tell(wire::Goodbye{});
    return 0;
}

ACTOR(subscriber_that_waits) {
    RawClient client{arguments.at(0)};
    client.hello("victim");
    add_subscriber(client, client.call<wire::ServiceOpened>(open_service("short")).service);
    test.tell("there");
    test.expect("never");
    return 0;
}

TEST_CASE("both halves of a new connection are told the same") {
    Pair pair;
    REQUIRE(pair.subscriber.offers.size() == 1);
    const auto& [to_receiver, descriptors] = pair.subscriber.offers.front();
    CHECK(to_receiver.connection == pair.to_sender.connection);
    CHECK(to_receiver.port == pair.to_sender.peer_port);
    CHECK(to_receiver.peer_port == pair.to_sender.port);
    for (const wire::ConnectionOffered& half : {to_receiver, pair.to_sender}) {
        const auto& ring = std::get<wire::DeliveryConnection>(half.settings);
        CHECK(ring.buffer_size == 4);
        CHECK(ring.max_borrowed == 2);
    }
    CHECK(pair.to_sender.sending);
    CHECK_FALSE(to_receiver.sending);
    CHECK(to_receiver.peer_pid == static_cast<std::uint64_t>(::getpid()));
    CHECK(to_receiver.data_sizes == std::vector{pair.publisher.created.data_size});

    REQUIRE(descriptors.size() == 3);
    const auto& segment = descriptors[0];
    CHECK(seals(segment) == (size_seals | F_SEAL_SEAL));
    CHECK(status_of(segment).st_size ==
          static_cast<off_t>(ipc::layout::connection(4, 2, ipc::layout::cache_line).size));
    CHECK(status_of(segment).st_ino == status_of(pair.sender.last_descriptors.at(0)).st_ino);
    CHECK((status_of(segment).st_mode & 0777) == 0600);
}

TEST_CASE("a subscriber cannot write where a publisher does") {
    Pair pair;
    const auto& data = pair.subscriber.offers.front().second.at(2);
    CHECK(access_mode(data) == O_RDONLY);
    CHECK(seals(data) == (size_seals | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
    CHECK((status_of(data).st_mode & 0777) == 0600);
    CHECK(::mmap(nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED, data.get(), 0) == MAP_FAILED);
    // Through /proc neither, even for the broker's own user: the seals hold for every descriptor.
    const std::string path = "/proc/self/fd/" + std::to_string(data.get());
    const ipc::shm::UniqueFd again{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (again) {
        CHECK(::mmap(nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED, again.get(), 0) == MAP_FAILED);
        CHECK(::fallocate(again.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 64) != 0);
    }
}

TEST_CASE("counters are sealed once the node has mapped them") {
    harness::BrokerProcess broker;
    RawClient client{broker.socket()};
    client.hello();
    const auto counters = std::move(client.last_descriptors.at(0));
    CHECK(seals(counters) == size_seals);
    client.tell(wire::CountersMapped{});
    client.query("status");
    CHECK(seals(counters) == (size_seals | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
}

TEST_CASE("a half is ready when the other one has mapped it") {
    Pair pair;
    pair.receiver.tell(wire::ConnectionMapped{.connection = pair.connection});
    const auto for_sender = pair.sender.expect<wire::ConnectionReady>();
    CHECK(for_sender.connection == pair.connection);
    CHECK(for_sender.port == pair.publisher.created.port);
    pair.sender.tell(wire::ConnectionMapped{.connection = pair.connection});
    CHECK(pair.receiver.expect<wire::ConnectionReady>().port == pair.subscriber.created.port);
}

TEST_CASE("the broker keeps no descriptor of a connection that both halves have mapped") {
    Pair pair;
    const auto before = open_descriptors(pair.broker, pair.sender);
    pair.receiver.tell(wire::ConnectionMapped{.connection = pair.connection});
    pair.sender.expect<wire::ConnectionReady>();
    pair.sender.tell(wire::ConnectionMapped{.connection = pair.connection});
    pair.receiver.expect<wire::ConnectionReady>();
    CHECK(open_descriptors(pair.broker, pair.sender) == before - 1);
}

TEST_CASE("publisher and subscriber of one node are connected like any others") {
    harness::BrokerProcess broker;
    RawClient client{broker.socket()};
    client.hello();
    const auto service = client.call<wire::ServiceOpened>(open_service("own")).service;
    const auto publisher = add_publisher(client, service);
    const auto subscriber = add_subscriber(client, service);
    REQUIRE(subscriber.offers.size() == 2);
    const auto connection = subscriber.created.connections.at(0);
    client.tell(wire::ConnectionMapped{.connection = connection});
    client.tell(wire::ConnectionMapped{.connection = connection});
    CHECK(client.expect<wire::ConnectionReady>().port == publisher.created.port);
    CHECK(client.expect<wire::ConnectionReady>().port == subscriber.created.port);
    client.tell(wire::DropPort{.port = publisher.created.port});
    CHECK(client.expect<wire::ConnectionRemoved>().port == subscriber.created.port);
}

TEST_CASE("a subscriber knows of a publisher that has not mapped its data, and gets nothing of it") {
    harness::BrokerProcess broker;
    RawClient sender{broker.socket()};
    RawClient receiver{broker.socket()};
    sender.hello("sender");
    receiver.hello("receiver");
    const auto service = sender.call<wire::ServiceOpened>(open_service("s")).service;
    receiver.call<wire::ServiceOpened>(open_service("s"));
    const auto publisher = half_a_publisher(sender, service);
    CHECK(publisher.connections.empty());
    const auto created = receiver.call<wire::PortCreated>(
        wire::CreatePort{.service = service, .name = "", .settings = wire::SubscriberSettings{}});
    REQUIRE(created.connections.size() == 1);
    const auto connection = created.connections.front();
    CHECK(sender.expect<wire::ConnectionOffered>().connection == connection);
    const auto descriptors = [&] {
        return receiver.query("status")["totals"]["descriptors"].get<std::uint64_t>();
    };
    const auto while_it_waits = descriptors();

    SECTION("until it does") {
        sender.tell(wire::DataMapped{.port = publisher.port});
        CHECK(receiver.expect<wire::ConnectionOffered>().connection == connection);
        CHECK(seals(receiver.last_descriptors.at(2)) == (size_seals | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
        // Segment, pidfd and data were charged while they waited for the subscriber.
        CHECK(descriptors() == while_it_waits - 3);
        sender.tell(wire::ConnectionMapped{.connection = connection});
        CHECK(receiver.expect<wire::ConnectionReady>().connection == connection);
    }
    SECTION("until it is gone") {
        sender.hang_up();
        CHECK(receiver.expect<wire::ConnectionRemoved>().connection == connection);
        CHECK(receiver.query("status")["totals"]["connections"] == 0);
    }
}

TEST_CASE("a peer's end is announced with its cause") {
    Pair pair;
    SECTION("dropped") {
        pair.receiver.tell(wire::DropPort{.port = pair.subscriber.created.port});
        const auto removed = pair.sender.expect<wire::ConnectionRemoved>();
        CHECK(removed.connection == pair.connection);
        CHECK(removed.reason == wire::RemovalReason::PeerDropped);
    }
    SECTION("hung up without a word") {
        pair.receiver.hang_up();
        CHECK(pair.sender.expect<wire::ConnectionRemoved>().reason == wire::RemovalReason::PeerDied);
    }
    SECTION("cut") {
        pair.receiver.tell(wire::ConnectionCut{.connection = pair.connection, .detail = "a flag lies"});
        // Both: a node has more of a connection than the half that found out.
        CHECK(pair.sender.expect<wire::ConnectionRemoved>().reason == wire::RemovalReason::Cut);
        CHECK(pair.receiver.expect<wire::ConnectionRemoved>().reason == wire::RemovalReason::Cut);
        const auto cut = pair.sender.query("status")["cut"];
        REQUIRE(cut.size() == 1);
        CHECK(cut[0]["connection"] == pair.connection.text());
        CHECK(cut[0]["detail"] == "a flag lies");
        CHECK(cut[0]["service"] == "pair");
        CHECK(pair.broker.log().find("a flag lies") != std::string::npos);
    }
}

TEST_CASE("a long story about a cut is shortened") {
    Pair pair;
    pair.receiver.tell(wire::ConnectionCut{.connection = pair.connection, .detail = std::string(9000, '\1')});
    pair.sender.expect<wire::ConnectionRemoved>();
    const auto cut = pair.sender.query("status")["cut"];
    REQUIRE(cut.size() == 1);
    CHECK(cut[0]["detail"].get<std::string>().size() == 500);
}

TEST_CASE("what crosses a connection's end on its way is ignored") {
    Pair pair;
    pair.sender.tell(wire::DropPort{.port = pair.publisher.created.port});
    pair.receiver.expect<wire::ConnectionRemoved>();
    pair.receiver.tell(wire::ConnectionMapped{.connection = pair.connection});
    pair.receiver.tell(wire::ConnectionCut{.connection = pair.connection, .detail = "late"});
    CHECK(pair.receiver.query("status")["cut"].empty());
}

TEST_CASE("a killed process is seen at once and everything of it is gone") {
    harness::BrokerProcess broker;
    RawClient client{broker.socket()};
    client.hello();
    const auto before = open_descriptors(broker, client);
    const auto service = client.call<wire::ServiceOpened>(open_service("short")).service;
    add_publisher(client, service);
    {
        harness::Actor victim{"subscriber_that_waits", {broker.socket()}};
        victim.expect("there");
        client.expect<wire::ConnectionOffered>();
        victim.kill();
    }
    CHECK(client.expect<wire::ConnectionRemoved>().reason == wire::RemovalReason::PeerDied);
    const auto totals = client.query("status")["totals"];
    CHECK(totals["sessions"] == 1);
    CHECK(totals["ports"] == 1);
    CHECK(totals["connections"] == 0);
    CHECK(totals["segments"] == 2);
    CHECK(open_descriptors(broker, client) == before + 1);  // the publisher's data segment
}

TEST_CASE("a goodbye is heard although the process is dead by then") {
    harness::BrokerProcess broker;
    RawClient client{broker.socket()};
    client.hello();
    add_publisher(client, client.call<wire::ServiceOpened>(open_service("short")).service);
    harness::Actor actor{"subscriber_that_says_goodbye", {broker.socket()}};
    actor.expect("there");
    client.expect<wire::ConnectionOffered>();
    actor.tell("go");
    CHECK(client.expect<wire::ConnectionRemoved>().reason == wire::RemovalReason::PeerDropped);
}

TEST_CASE("a wake line wakes, and can do nothing else, at either end") {
    Pair pair;
    pair.receiver.ask(wire::RequestWakeHandle{.port = pair.subscriber.created.port});
    const auto expected = pair.receiver.expect<wire::WakeExpected>();
    CHECK(expected.connection == pair.connection);
    CHECK(expected.port == pair.subscriber.created.port);
    const auto woken = std::move(pair.receiver.last_descriptors.at(0));
    pair.receiver.expect<wire::WakeHandle>();
    CHECK(pair.receiver.last_descriptors.empty());
    const auto offered = pair.sender.expect<wire::WakeOffered>();
    CHECK(offered.connection == pair.connection);
    CHECK(offered.port == pair.publisher.created.port);
    const auto waker = std::move(pair.sender.last_descriptors.at(0));

    const ipc::shm::UniqueFd set{::epoll_create1(EPOLL_CLOEXEC)};
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    REQUIRE(::epoll_ctl(set.get(), EPOLL_CTL_ADD, woken.get(), &event) == 0);
    const auto was_woken = [&] { return ::epoll_wait(set.get(), &event, 1, 0) == 1; };
    CHECK(was_woken());
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(was_woken());
        REQUIRE(::shutdown(waker.get(), SHUT_RDWR) == 0);
        CHECK(was_woken());
    }
    char byte = 0;
    for (const auto* end : {&waker, &woken}) {
        CHECK(::send(end->get(), "x", 1, MSG_NOSIGNAL) < 0);
        CHECK(::send(end->get(), "x", 1, MSG_NOSIGNAL | MSG_OOB) < 0);
        CHECK(::recv(end->get(), &byte, 1, 0) == 0);
        CHECK(::listen(end->get(), 1) < 0);
    }
    CHECK_FALSE(was_woken());

    // A counterpart that comes later gets a line of its own.
    RawClient late{pair.broker.socket()};
    late.hello("late");
    late.call<wire::ServiceOpened>(open_service("pair"));
    add_publisher(late, pair.service);
    late.expect<wire::WakeOffered>();
    pair.receiver.expect<wire::ConnectionOffered>();
    pair.receiver.expect<wire::WakeExpected>();
}
