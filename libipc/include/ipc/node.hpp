// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/config.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/node_error.hpp"
#include "ipc/service.hpp"
#include "ipc/service_details.hpp"
#include "ipc/signal_handling.hpp"
#include "ipc/unique_id.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ipc {

// A program's place in the world of one broker: what services and ports are made from. Copies are the same
// node; it lives, and shows in roudictl, until the last of them, and of all that was made from it, is gone.
// Thread-safe.
//
// A node belongs to the process that created it. In a forked child every operation gives ForkedProcess; a
// child creates a node of its own.
class IPC_API Node {
 public:
    const std::string& name() const;
    UniqueNodeId id() const;

    // A name is 1 to 255 bytes of UTF-8 without NUL; it is checked when the service is opened.
    ServiceBuilder service_builder(std::string_view name) const;

    // Sleeps for that long and returns true; false as soon as the process was asked to terminate (and, with
    // SignalHandlingMode::Disabled, never). Nodes of this process that have no thread are driven meanwhile.
    bool wait(std::chrono::nanoseconds duration) const;

    // Of a node without a control thread: readable whenever process() has something to do; -1 where there is
    // a thread. For poll, epoll or Asio; never read it. It lives as long as the node.
    int control_descriptor() const;
    // Does what a control thread would do now, without blocking; nothing where there is a thread.
    void process() const;

    // Calls back for each node of the broker's world, in no particular order. Blocks until the broker has
    // answered, or the configuration's timeout; does not start a broker.
    static expected<void, Error<NodeListError>> list(
        const Config& config, const std::function<CallbackProgression(const NodeDetails&)>& callback);

 private:
    friend class NodeBuilder;
    explicit Node(std::shared_ptr<control::Session> session) : session_{std::move(session)} {}

    std::shared_ptr<control::Session> session_;
};

class IPC_API NodeBuilder {
 public:
    // At most 128 bytes of UTF-8 without NUL; may be empty, and need not be unique.
    NodeBuilder& name(std::string_view name);
    NodeBuilder& config(Config config);
    // The same as setting it in the configuration; independent of the order of the calls.
    NodeBuilder& domain(std::string_view name);
    // Talks to a broker inside this process, shared by its local nodes and ended with the last of them: for
    // tests, and programs whose threads talk to each other only.
    NodeBuilder& local();
    // Default: HandleTerminationRequests.
    NodeBuilder& signal_handling_mode(SignalHandlingMode mode);
    // Default: true. Without a thread the application calls Node::process (see Node::control_descriptor) or
    // Node::wait; as long as it does not, its ports get no new connections, and others that create ports wait
    // for it up to their creation_bound.
    NodeBuilder& control_thread(bool enabled);

    // Finds the broker (see Config) and introduces the process to it. Blocks until that has answered, or the
    // configuration's timeout.
    expected<Node, Error<NodeCreationError>> create() const;

 private:
    std::string name_;
    Config config_;
    std::string domain_;
    bool local_ = false;
    SignalHandlingMode signal_handling_mode_ = SignalHandlingMode::HandleTerminationRequests;
    bool control_thread_ = true;
};

}  // namespace ipc
