// SPDX-License-Identifier: Apache-2.0
#include "query.hpp"

#include "catch.hpp"
#include "exit_code.hpp"
#include "watch.hpp"

#include <map>
#include <sstream>

using Catch::Matchers::Contains;
using namespace roudictl;

namespace {

const Style plain{false};

class CannedBroker : public Broker {
 public:
    tl::expected<std::string, Unanswered> ask(const std::string& what, const std::string&) override {
        ++asked;
        const auto found = answers.find(what);
        if (found == answers.end()) {
            return tl::unexpected{Unanswered{Unanswered::Kind::NotFound, "the broker knows no such thing"}};
        }
        return found->second;
    }

    std::map<std::string, std::string> answers;
    int asked = 0;
};

CommandLine command(Verb verb, std::string argument = "") {
    CommandLine line;
    line.verb = verb;
    line.argument = std::move(argument);
    return line;
}

}  // namespace

TEST_CASE("an unknown service names the nearest one") {
    CannedBroker broker;
    broker.answers["services"] = R"({"services": [{"name": "camera/front"}, {"name": "lidar"}]})";
    const auto answer = query(broker, command(Verb::Service, "camera/fornt"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message ==
          "no service 'camera/fornt'; did you mean 'camera/front'? All there are: roudictl services");
    CHECK(exit_code_for(answer.error()) == exit_not_found);
}

TEST_CASE("an unknown node is not found, whether the broker refuses or lists none") {
    CannedBroker broker;
    broker.answers["nodes"] = R"({"nodes": []})";
    SECTION("refused") {}
    SECTION("an empty list") {
        broker.answers["node"] = R"({"nodes": []})";
    }
    const auto answer = query(broker, command(Verb::Node, "4711"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message == "no node '4711'. All there are: roudictl nodes");
}

TEST_CASE("an answer that is no JSON is an error that says what to do") {
    CannedBroker broker;
    broker.answers["status"] = "{\"broker\":";
    const auto answer = query(broker, command(Verb::Status));
    REQUIRE_FALSE(answer);
    CHECK_THAT(answer.error().message, Contains("roudictl doctor"));
}

TEST_CASE("names are one a line, whatever they contain") {
    auto line = command(Verb::Services);
    line.names = true;
    const auto answer = Json::parse(R"({"services": [{"name": "a b"}, {"name": "two\nlines"}]})");
    CHECK(render(answer, line, plain) == "a b\ntwo\\nlines\n");
}

TEST_CASE("JSON is the broker's answer, on one line when it is followed") {
    auto line = command(Verb::Nodes);
    line.json = true;
    const auto answer = Json::parse(R"({"nodes": [], "b": 1, "a": 2})");
    CHECK(Json::parse(render(answer, line, plain)) == answer);
    line.watch_seconds = 1;
    CHECK(render(answer, line, plain) == "{\"nodes\":[],\"b\":1,\"a\":2}\n");
}

TEST_CASE("following shows a change once, and nothing where only time passed") {
    class ScriptedBroker : public Broker {
     public:
        tl::expected<std::string, Unanswered> ask(const std::string&, const std::string&) override {
            if (next_ == script_.size()) {
                return tl::unexpected{Unanswered{Unanswered::Kind::NoBroker, "the broker is gone"}};
            }
            return script_[next_++];
        }

     private:
        std::vector<std::string> script_{R"({"broker":{"pid":1,"uptime_s":1}})",
                                         R"({"broker":{"pid":1,"uptime_s":2}})",
                                         R"({"broker":{"pid":2,"uptime_s":3}})"};
        std::size_t next_ = 0;
    };
    ScriptedBroker broker;
    auto line = command(Verb::Status);
    line.json = true;
    line.watch_seconds = 0.001;
    std::ostringstream out;
    const auto outcome = watch(broker, line, plain, false, out);
    CHECK(out.str() ==
          "{\"broker\":{\"pid\":1,\"uptime_s\":1}}\n"
          "{\"broker\":{\"pid\":2,\"uptime_s\":3}}\n");
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message == "the broker is gone");
    CHECK(exit_code_for(outcome.error()) == exit_no_broker);
}
