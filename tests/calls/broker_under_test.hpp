// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calls/failing_calls.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

#include <memory>
#include <optional>
#include <string>

namespace calls {

// The real broker, one of whose system calls fails. It may not come up, so it is asked whether it did.
class BrokerUnderTest {
 public:
    explicit BrokerUnderTest(Chosen chosen);

    std::string socket() const { return (directory_.path() / "roudi.sock").string(); }
    // What it wrote to stderr so far.
    std::string log() const;
    bool has_ended() const;
    // Waits until it serves clients, or has ended.
    bool starts() const;
    harness::Process& process() { return *process_; }
    const FailingCalls& calls() const { return *calls_; }

 private:
    harness::TemporaryDirectory directory_;
    std::unique_ptr<FailingCalls> calls_;  // ends once the process has
    std::optional<harness::Process> process_;
};

}  // namespace calls
