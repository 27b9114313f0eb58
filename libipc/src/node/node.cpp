// SPDX-License-Identifier: Apache-2.0
#include "control/code_of.hpp"
#include "control/idle_wait.hpp"
#include "control/session.hpp"
#include "layout/limits.hpp"
#include "node/error_names.hpp"
#include "node/session_choice.hpp"
#include "service/names.hpp"

#include <ipc/node.hpp>

#include <utility>

namespace ipc {

std::string_view to_string(NodeCreationError error) {
    return detail::node_creation_errors[static_cast<std::size_t>(error)];
}

NodeBuilder& NodeBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}
NodeBuilder& NodeBuilder::config(Config config) {
    config_ = std::move(config);
    return *this;
}
NodeBuilder& NodeBuilder::domain(std::string_view name) {
    domain_ = name;
    return *this;
}
NodeBuilder& NodeBuilder::local() {
    local_ = true;
    return *this;
}
NodeBuilder& NodeBuilder::signal_handling_mode(SignalHandlingMode mode) {
    signal_handling_mode_ = mode;
    return *this;
}
NodeBuilder& NodeBuilder::control_thread(bool enabled) {
    control_thread_ = enabled;
    return *this;
}

expected<Node, Error<NodeCreationError>> NodeBuilder::create() const {
    if (auto wrong = detail::why_invalid("node", name_, 0, layout::max_node_name))
        return unexpected{Error{NodeCreationError::InvalidName, std::move(*wrong)}};
    auto settings = detail::session_settings(config_);
    if (!domain_.empty()) settings.broker.domain = domain_;
    settings.broker.local = local_;
    settings.node_name = name_;
    settings.control_thread = control_thread_;
    settings.handle_termination = signal_handling_mode_ == SignalHandlingMode::HandleTerminationRequests;
    auto session = control::Session::open(settings);
    if (!session)
        return unexpected{control::public_error<NodeCreationError>(std::move(session.error()),
                                                                   detail::node_creation_errors)};
    return Node{std::move(*session)};
}

const std::string& Node::name() const {
    return session_->node_name();
}

UniqueNodeId Node::id() const {
    return {session_->node().high, session_->node().low};
}

ServiceBuilder Node::service_builder(std::string_view name) const {
    return {session_, std::string{name}};
}

bool Node::wait(std::chrono::nanoseconds duration) const {
    return control::wait_for_termination(*session_, duration);
}

int Node::control_descriptor() const {
    return session_->control_descriptor();
}

void Node::process() const {
    session_->process();
}

}  // namespace ipc
