// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace roudictl {

// Why there is no answer.
struct Unanswered {
    enum class Kind : std::uint8_t { NotFound, NoBroker, Refused };
    Kind kind;
    std::string message;
};

// Somebody who answers: a running broker, or a test.
class Broker {
 public:
    virtual ~Broker() = default;
    // The answer's JSON, in one piece.
    virtual tl::expected<std::string, Unanswered> ask(const std::string& what,
                                                      const std::string& argument) = 0;
};

// Never starts one: who asks what is there does not want to change it.
tl::expected<std::unique_ptr<Broker>, Unanswered> reach_broker(const BrokerChoice& choice);

}  // namespace roudictl
