// SPDX-License-Identifier: Apache-2.0
// The n-th system call of the broker fails.
#include "broker/raw_client.hpp"
#include "calls/broker_under_test.hpp"
#include "calls/everything.hpp"
#include "calls/trials.hpp"
#include "catch.hpp"

#include <signal.h>

#include <cstdio>
#include <map>

using namespace calls;

namespace {

constexpr int rounds = 3;

struct Course {
    std::uint64_t calls = 0;  // from its start to its end
    enum class End : std::uint8_t { DidNotStart, Served };
    End end = End::Served;
    std::uint64_t alternatives = 1;
};

// Once everybody has left but who asks; 0 where that does not happen.
std::size_t descriptors_at_rest(BrokerUnderTest& broker) {
    std::size_t result = 0;
    harness::eventually([&] {
        if (broker.has_ended()) return true;
        try {
            RawClient observer{broker.socket()};
            observer.hello("observer", true);
            if (observer.query("status")["totals"]["sessions"] != 1) return false;
            const std::size_t open = harness::open_descriptors(broker.process().pid());
            // Else that may have been without its own: where the sending of an answer fails, the session ends
            // with that answer.
            observer.query("status");
            result = open;
            return true;
        } catch (const std::exception&) {  // this was the call that failed
            return false;
        }
    });
    return result;
}

// One life of a broker one of whose calls fails; what it must keep to is checked here.
Course live(Chosen chosen) {
    BrokerUnderTest broker{chosen};
    const bool starts = broker.starts();
    const auto describe = [&] { return broker.calls().what() + "\n" + broker.log(); };
    if (!starts) {
        const auto ending = broker.process().wait();
        INFO(describe());
        CHECK(ending.exited);
        CHECK(ending.code != 0);
        CHECK_FALSE(broker.log().empty());
        return {.calls = broker.calls().count(),
                .end = Course::End::DidNotStart,
                .alternatives = broker.calls().alternatives()};
    }

    const std::size_t descriptors = descriptors_at_rest(broker);
    // Whoever is there when it happens may get an error, and nobody after that.
    for (int round = 0; round < rounds; ++round) {
        const bool before = broker.calls().has_failed();
        const std::string trouble = do_everything(broker.socket());
        const bool meanwhile = !before && broker.calls().has_failed();
        INFO(describe() << "\n" << trouble);
        CHECK((trouble.empty() || meanwhile));
        CHECK_FALSE(broker.has_ended());
        if (before && round > 0) break;
    }
    {
        INFO(describe());
        CHECK(descriptors_at_rest(broker) == descriptors);
    }
    broker.process().signal(SIGTERM);
    const auto ending = broker.process().wait();
    INFO(describe());
    CHECK(ending == harness::Ending{.exited = true, .code = 0, .signal = 0});
    return {.calls = broker.calls().count(),
            .end = Course::End::Served,
            .alternatives = broker.calls().alternatives()};
}

std::uint64_t calls_of_a_sound_life() {
    return live({.call = ~std::uint64_t{0}, .alternative = 0}).calls;
}

void report(std::uint64_t of, const std::map<Course::End, int>& courses) {
    const auto count = [&](Course::End end) {
        const auto found = courses.find(end);
        return found == courses.end() ? 0 : found->second;
    };
    std::printf(
        "broker: %llu calls in its life; one failed %d times: served all the same %d, said why not %d\n",
        static_cast<unsigned long long>(of), count(Course::End::Served) + count(Course::End::DidNotStart),
        count(Course::End::Served), count(Course::End::DidNotStart));
}

}  // namespace

TEST_CASE("any call of the broker fails: it serves on, or does not start and says why") {
    if (!can_be_tried()) return;
    const std::uint64_t all = calls_of_a_sound_life();
    std::map<Course::End, int> courses;
    for (const Chosen& chosen : sample_of(all, 25)) ++courses[live(chosen).end];
    report(all, courses);
}

TEST_CASE("every call of the broker fails, with every error that it may have", "[.long]") {
    if (!can_be_tried()) return;
    const std::uint64_t all = calls_of_a_sound_life();
    std::map<Course::End, int> courses;
    for (Chosen chosen; chosen.call < all; ++chosen.call) {
        std::uint64_t alternatives = 1;
        for (chosen.alternative = 0; chosen.alternative < alternatives; ++chosen.alternative) {
            const Course course = live(chosen);
            alternatives = course.alternatives;
            ++courses[course.end];
        }
    }
    report(all, courses);
}
