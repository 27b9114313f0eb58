// SPDX-License-Identifier: Apache-2.0
// Liars that do not scribble: they hold on to what is others', or wake without end.
#include "hostile/honest_pair.hpp"
#include "hostile/liar.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <limits>
#include <string>
#include <thread>

using namespace hostile;

TEST_CASE("whoever keeps every sample for ever is cut off, and its publisher has all its chunks",
          "[keeping]") {
    HonestPair pair{"chunks"};
    Crimes crimes;
    Liar liar{pair.broker.socket(), opening("chunks"), 1, crimes};
    for (int round = 0; round < 20; ++round) {
        liar.begin(wire::SubscriberSettings{});
        REQUIRE(eventually([&] {
            liar.keep();
            liar.pause();
            return liar.is_cut_off();
        }));
        liar.drop_port();
    }
    CHECK(crimes.cut == 20);
    pair.go_on();
    pair.end(true);
    CHECK(pair.cut == 20);
}

TEST_CASE("whoever is cut off again and again leaves nothing with those who cut it", "[keeping]") {
    const auto [kind, port] = GENERATE(table<std::string, wire::PortSettings>(
        {{"large requests", wire::ClientSettings{}},
         {"chunks", wire::PublisherSettings{.max_loaned_samples = 2}}}));
    HonestPair pair{kind};
    // At least: now and then another subscriber comes, and goes. And not before the first sample came: until
    // then the receiver may not have mapped what it will keep.
    std::size_t before = std::numeric_limits<std::size_t>::max();
    for (int i = 0; i < 5; ++i) {
        pair.go_on();
        before = std::min(before, pair.receiver_mappings());
    }
    Crimes crimes;
    Liar liar{pair.broker.socket(), opening(kind), 1, crimes};
    while (crimes.cut < 15) {
        liar.begin(port);
        for (int i = 0; i < 100 && !liar.is_cut_off(); ++i) {
            liar.step();
            liar.pause();
        }
        liar.drop_port();
    }
    CHECK(eventually([&] {
        pair.go_on();
        return pair.receiver_mappings() <= before;
    }));
    pair.end(false);
}

TEST_CASE("whoever reads nothing that it is sent keeps nobody from sending", "[keeping]") {
    HonestPair pair{"chunks"};
    Crimes crimes;
    Liar liar{pair.broker.socket(), opening("chunks"), 1, crimes};
    liar.begin(wire::SubscriberSettings{});
    for (int i = 0; i < 10; ++i) pair.go_on();
    CHECK_FALSE(liar.is_cut_off());  // it may be slow: the oldest goes
    pair.end(true);
    CHECK(pair.cut == 0);
}

namespace {

// One sends now and then, the other sleeps; and a liar has a line that wakes the sleeper.
struct SleepingPair {
    harness::BrokerProcess broker;
    ipc::Node sending = honest_node(broker.socket(), "sending");
    ipc::Node receiving = honest_node(broker.socket(), "receiving");
    ipc::Publisher<Slot> publisher = samples<Slot>(sending).publisher_builder().create().value();
    ipc::Subscriber<Slot> subscriber = samples<Slot>(receiving).subscriber_builder().create().value();
    Crimes crimes;
    Liar liar{broker.socket(), opening("slots"), 1, crimes};
    std::uint64_t sent = 0;

    SleepingPair() {
        CHECK_FALSE(subscriber.receive(1ms).value());
        liar.begin(wire::PublisherSettings{.max_loaned_samples = 2});
        REQUIRE(eventually([&] {
            liar.keep();
            liar.pause();
            return !liar.wake_lines.empty();
        }));
    }
    // It is asleep, or about to, whenever something comes.
    void exchange(int times) {
        for (int i = 0; i < times; ++i) {
            std::thread sender{[&] { publisher.send_copy(Slot::of(++sent)).value(); }};
            auto sample = subscriber.receive(harness::patience).value();
            sender.join();
            REQUIRE(sample.has_value());
            CHECK(is_of(**sample, sent));
        }
    }
};

}  // namespace

TEST_CASE("whoever wakes without a pause swallows nobody's wake-up, and keeps nobody from his work",
          "[keeping]") {
    SleepingPair pair;
    std::atomic<bool> stop{false};
    std::thread busy{[&] {
        while (!stop) (void)::shutdown(pair.liar.wake_lines.front().get(), SHUT_RDWR);
    }};
    pair.exchange(50);
    CHECK_FALSE(pair.subscriber.receive(1ms).value());  // a timeout ends all the same
    stop = true;
    busy.join();
}

TEST_CASE("whoever tries all that can be done with a line that wakes holds up nobody", "[keeping]") {
    SleepingPair pair;
    const int line = pair.liar.wake_lines.front().get();
    std::array<int, 2> silent{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, silent.data()) == 0);
    const ipc::shm::UniqueFd near{silent[0]};
    ipc::shm::UniqueFd far{silent[1]};
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    const ipc::shm::UniqueFd readable{pipe[0]};
    const ipc::shm::UniqueFd writable{pipe[1]};
    REQUIRE(::write(writable.get(), "x", 1) == 1);

    // A splice into what is shut is a broken pipe, for whoever tries it.
    std::signal(SIGPIPE, SIG_IGN);
    char byte = 0;
    CHECK(::recv(line, &byte, 1, MSG_DONTWAIT) <= 0);
    CHECK(::send(line, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0);
    CHECK(::splice(readable.get(), nullptr, line, nullptr, 1, SPLICE_F_NONBLOCK) < 0);
    CHECK(::open(("/proc/self/fd/" + std::to_string(line)).c_str(), O_RDWR | O_CLOEXEC) < 0);
    REQUIRE(::fcntl(line, F_SETFL, 0) == 0);
    // What holds a pipe's lock for as long as the socket is silent finds no pipe.
    CHECK(::splice(near.get(), nullptr, line, nullptr, 1, 0) < 0);
    pair.exchange(20);
    pair.liar.wake_lines.clear();  // it hangs up
    pair.exchange(20);
}
