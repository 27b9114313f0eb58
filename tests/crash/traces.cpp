// SPDX-License-Identifier: Apache-2.0
#include "crash/traces.hpp"

#include "harness/process.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace crash {

Traces::Traces(const harness::BrokerProcess& broker, std::map<std::string, pid_t> others)
    : broker_{broker}, others_{std::move(others)} {
    reconnect();
}

void Traces::reconnect() {
    observer_.emplace(broker_.socket());
    observer_->hello("observer", true);
}

void Traces::add_process(Look& look, const std::string& name, pid_t pid) {
    const std::filesystem::directory_iterator threads{"/proc/" + std::to_string(pid) + "/task"};
    look[name + " descriptors"] = harness::open_descriptors(pid);
    look[name + " mappings"] = harness::mappings_with(pid, "memfd:ipc-");
    look[name + " threads"] = static_cast<std::uint64_t>(std::distance(begin(threads), end(threads)));
}

Traces::Look Traces::look() {
    Look look;
    const auto status = observer_->query("status");
    for (const auto& [what, count] : status["totals"].items()) look[what] = count.get<std::uint64_t>();
    look["connections cut"] = status["cut"].size();
    add_process(look, "broker's", broker_.pid());
    add_process(look, "this process's", ::getpid());
    for (const auto& [name, pid] : others_) add_process(look, name, pid);
    return look;
}

std::string Traces::left_behind(const Look& now) const {
    std::string text;
    for (const auto& [what, count] : now)
        if (count > clean_.at(what))
            text +=
                " " + what + " " + std::to_string(count) + " instead of " + std::to_string(clean_.at(what));
    return text;
}

// Where it is less, something of before was not over yet when it was remembered.
void Traces::expect_none(const std::function<void()>& take_notice) {
    Look now;
    const bool gone = harness::eventually([&] {
        take_notice();
        now = look();
        return left_behind(now).empty();
    });
    if (!gone) throw std::runtime_error{"left behind:" + left_behind(now)};
    clean_ = now;
}

}  // namespace crash
