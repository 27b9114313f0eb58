// SPDX-License-Identifier: Apache-2.0
// The n-th system call of a client fails.
#include "calls/everything.hpp"
#include "calls/failing_calls.hpp"
#include "calls/trials.hpp"
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace calls;

namespace {

// A connection that could not be made is not there, and what would come through it does not come.
constexpr std::chrono::milliseconds one_step{300};

struct Report {
    std::uint64_t calls = 0;
    std::uint64_t alternatives = 0;
    bool failed = false;  // it had an error, of whatever kind
    std::string what;     // what was wrong with that; empty where nothing was
};

std::string text_of(const Report& report) {
    std::ostringstream text;
    text << report.calls << ' ' << report.alternatives << ' ' << report.failed << ' ' << report.what;
    return text.str();
}

Report report_of(const std::string& text) {
    Report report;
    std::istringstream in{text};
    in >> report.calls >> report.alternatives >> report.failed;
    std::getline(in >> std::ws, report.what);
    return report;
}

Report attempt(const std::string& socket, Chosen chosen) {
    const std::size_t descriptors = harness::open_descriptors(::getpid());
    Report report;
    std::string call;
    std::string trouble;
    {
        const FailingCalls calls{FailingCalls::Whose::OfThreads, chosen,
                                 [&] { trouble = do_everything(socket, one_step); }};
        report.calls = calls.count();
        report.alternatives = calls.alternatives();
        call = calls.what();
    }
    report.failed = !trouble.empty();
    const std::size_t left = harness::open_descriptors(::getpid());
    if (left != descriptors)
        report.what =
            call + ": leaves " + std::to_string(left) + " descriptors of " + std::to_string(descriptors);
    if (const std::string again = do_everything(socket); !again.empty())
        report.what = call + ": and what comes next fails too: " + again;
    return report;
}

// Tries in another process, which may be gone afterwards.
class Client {
 public:
    Report try_with(const std::string& socket, Chosen chosen) {
        if (!actor_) actor_.emplace("a_client_with_a_failing_call", std::vector<std::string>{socket});
        try {
            actor_->tell(std::to_string(chosen.call) + ' ' + std::to_string(chosen.alternative));
            return report_of(actor_->hear());
        } catch (const std::exception&) {
            std::ostringstream what;
            what << "call " << chosen.call << ", error " << chosen.alternative << ": the client "
                 << actor_->wait();
            actor_.reset();
            return {.calls = 0, .alternatives = 1, .failed = true, .what = what.str()};
        }
    }

 private:
    std::optional<harness::Actor> actor_;
};

void report(std::uint64_t of, int failures, int errors) {
    std::printf(
        "client: %llu calls; one failed %d times: an error in the type %d times, otherwise unnoticed\n",
        static_cast<unsigned long long>(of), failures, errors);
}

}  // namespace

ACTOR(a_client_with_a_failing_call) {
    // What is made once in a process, and stays.
    (void)do_everything(arguments.at(0));
    while (true) {
        std::istringstream in{test.hear()};
        Chosen chosen;
        in >> chosen.call >> chosen.alternative;
        test.tell(text_of(attempt(arguments.at(0), chosen)));
    }
}

TEST_CASE("any call of a client fails: an error in the type, nothing is left, and the next attempt works") {
    if (!can_be_tried()) return;
    const harness::BrokerProcess broker;
    Client client;
    const Report sound = client.try_with(broker.socket(), {.call = ~std::uint64_t{0}, .alternative = 0});
    REQUIRE(sound.what.empty());
    REQUIRE_FALSE(sound.failed);
    int failures = 0;
    int errors = 0;
    for (const Chosen& chosen : sample_of(sound.calls, 25)) {
        const Report result = client.try_with(broker.socket(), chosen);
        CHECK(result.what == "");
        ++failures;
        errors += result.failed ? 1 : 0;
    }
    report(sound.calls, failures, errors);
}

TEST_CASE("every call of a client fails, with every error that it may have", "[.long]") {
    if (!can_be_tried()) return;
    const harness::BrokerProcess broker;
    Client client;
    const Report sound = client.try_with(broker.socket(), {.call = ~std::uint64_t{0}, .alternative = 0});
    int failures = 0;
    int errors = 0;
    for (Chosen chosen; chosen.call < sound.calls; ++chosen.call) {
        std::uint64_t alternatives = 1;
        for (chosen.alternative = 0; chosen.alternative < alternatives; ++chosen.alternative) {
            const Report result = client.try_with(broker.socket(), chosen);
            CHECK(result.what == "");
            alternatives = std::max(alternatives, result.alternatives);
            ++failures;
            errors += result.failed ? 1 : 0;
        }
    }
    report(sound.calls, failures, errors);
}
