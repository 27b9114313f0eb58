// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/kept_histories.hpp"
#include "control/port_link.hpp"
#include "control/wake_set.hpp"
#include "wire/codec.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ipc::control {

using Clock = std::chrono::steady_clock;

// Why a call to the broker gave no answer that helps.
struct CallFailure {
    enum class Kind : std::uint8_t { Refused, NoBroker, Timeout, Interrupted, ForkedProcess };
    Kind kind = Kind::NoBroker;
    wire::Refusal refusal = wire::Refusal::InternalFailure;  // where kind is Refused
    std::string message;                                     // names both sides
};

// How long to wait where there is no broker just now.
enum class Patience : std::uint8_t { until_there_is_a_broker, while_there_is_a_broker };

struct SessionSettings;

// A node's talk with its broker, and its control thread. Shared by everything that the node makes; it says
// goodbye when the last of them is gone.
class Session : public std::enable_shared_from_this<Session> {
 public:
    static tl::expected<std::shared_ptr<Session>, CallFailure> open(const SessionSettings& settings);
    virtual ~Session() = default;

    // Asks and waits for the answer, driving the node meanwhile where it has no thread of its own, and for a
    // broker where there is none. A refusal is a failure. A service has the number that its opening was
    // answered with, for as long as it is open. Thread-safe.
    virtual tl::expected<wire::Numbered<wire::BrokerMessage>, CallFailure> call(
        const wire::ClientMessage& message, Clock::time_point deadline) = 0;
    // Says something that is not answered. Where there is no broker, the next one finds that it is so.
    // Thread-safe.
    virtual void tell(const wire::ClientMessage& message) = 0;

    // Creates a port: asks the broker, lets `build` make it out of the answer (map, allocate), and returns
    // when every counterpart that was there has mapped its half, or after the bound of the settings. `build`
    // is called on whichever thread drives the node, while this call waits.
    using Build = std::function<tl::expected<std::shared_ptr<PortLink>, std::string>(
        const wire::PortCreated& created, std::optional<shm::MemoryFile> data_segment)>;
    virtual tl::expected<wire::Uuid, CallFailure> create_port(const wire::CreatePort& request,
                                                              const Build& build,
                                                              Clock::time_point deadline) = 0;
    // Ends the port: after this, its link is not called any more. Tells the broker. Waits for a call of a
    // link in progress on another thread, so it is made without any lock that a link takes.
    virtual void drop_port(wire::Uuid port) = 0;

    // Gets the port a further data segment, of that number and size: asks the broker, lets `build` map it,
    // and returns its id when every receiver has mapped it, too, or after the creation bound of the settings.
    // Only those that segment_ready() was called for may be sent anything in it. Waits for a broker where
    // there is none. `build` as above.
    using BuildSegment = std::function<tl::expected<void, std::string>(const shm::MemoryFile& segment)>;
    virtual tl::expected<wire::Uuid, CallFailure> grow_port(const wire::GrowPort& /*request*/,
                                                            const BuildSegment& /*build*/,
                                                            Clock::time_point /*deadline*/) {
        return tl::unexpected{CallFailure{}};
    }
    // Gives it back; it is unmapped, and nothing in it is with anybody. Does not wait.
    virtual void shrink_port(wire::Uuid /*port*/, wire::Uuid /*segment*/) {}

    // A port found its peer cheating and cut the connection. Called from the thread that uses the port.
    virtual void report_cut(wire::Uuid connection, std::string detail) = 0;

    // What a port sleeps on, from the first wait on: every counterpart has been given a line that wakes it
    // when this returns.
    virtual tl::expected<std::shared_ptr<WakeSet>, CallFailure> request_wake_handle(
        wire::Uuid port, Clock::time_point deadline, Patience patience) = 0;

    // The words of a record of this node's counters segment (layout::Counters); they live as long as the
    // session.
    virtual std::atomic<std::uint64_t>* counters(std::uint32_t record) = 0;

    // What publishers of this latched service left, as of what the broker has said so far; nothing where no
    // descriptors are left.
    virtual std::optional<std::vector<KeptHistory>> kept_histories(const std::string& /*service*/) const {
        return std::vector<KeptHistory>{};
    }

    virtual wire::Uuid node() const = 0;
    virtual const std::string& node_name() const = 0;

    // Readable once the process was asked to terminate (never read it); -1 where the node leaves signals
    // alone.
    virtual int termination_descriptor() const = 0;
    virtual bool termination_requested() const = 0;

    // Whether this process is registered for membarrier, and may call it (see shm/membarrier.hpp).
    virtual bool membarrier_registered() const = 0;
    virtual bool membarrier_available() const = 0;

    // By when a request that is made now should be answered: as the node was configured.
    virtual Clock::time_point deadline() const { return Clock::now() + std::chrono::seconds{5}; }

    // Of a node without a thread: readable when process() has something to do; -1 where a thread does it.
    virtual int control_descriptor() const { return -1; }
    virtual void process() {}
};

}  // namespace ipc::control
