// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/raw_client.hpp"
#include "harness/broker_process.hpp"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace crash {

// What the dead may leave behind: in the broker's books, and as descriptors, mappings and threads of the
// broker, of this process, and of others that survive.
class Traces {
 public:
    explicit Traces(const harness::BrokerProcess& broker, std::map<std::string, pid_t> others = {});

    // After the broker has come back.
    void reconnect();
    // This is how it is without them.
    void remember() { clean_ = look(); }
    // Waits until it is that again, or less. Throws where it never is, and says what is left. The survivors
    // are told to `take_notice` meanwhile.
    void expect_none(const std::function<void()>& take_notice);

 private:
    using Look = std::map<std::string, std::uint64_t>;
    static void add_process(Look& look, const std::string& name, pid_t pid);
    Look look();
    std::string left_behind(const Look& now) const;

    const harness::BrokerProcess& broker_;
    const std::map<std::string, pid_t> others_;
    std::optional<RawClient> observer_;
    Look clean_;
};

}  // namespace crash
