// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/actor.hpp"

#include <ipc/ipc.hpp>

// The two halves of each conversation. Whichever kind of process plays one, another kind plays the other;
// they throw where something is not as it should be.
namespace word_size {

using Half = void (*)(ipc::Node& node, const harness::Line& other);

void publish(ipc::Node& node, const harness::Line& other);
void subscribe(ipc::Node& node, const harness::Line& other);

void publish_slices(ipc::Node& node, const harness::Line& other);
void subscribe_to_slices(ipc::Node& node, const harness::Line& other);

// Before anybody is there.
void publish_history(ipc::Node& node, const harness::Line& other);
void join_late(ipc::Node& node, const harness::Line& other);

void notify(ipc::Node& node, const harness::Line& other);
void listen(ipc::Node& node, const harness::Line& other);

void ask(ipc::Node& node, const harness::Line& other);
void answer(ipc::Node& node, const harness::Line& other);

}  // namespace word_size
