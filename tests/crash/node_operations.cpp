// SPDX-License-Identifier: Apache-2.0
// Nodes and services that die.
#include "crash/mortal.hpp"
#include "crash/samples.hpp"

#include <optional>

using namespace crash;

namespace {

auto existing(Mortal& mortal) {
    return mortal.node().service_builder(Travel<Large>::service).publish_subscribe<Large>();
}

}  // namespace

OPERATION(create_node) {
    mortal.begins();
    (void)mortal.node();
    mortal.ends();
}

OPERATION(create_service) {
    const auto builder = mortal.node().service_builder("mortal").publish_subscribe<Small>();
    mortal.begins();
    const auto service = builder.create().value();
    mortal.ends();
}

OPERATION(open_service) {
    const auto builder = existing(mortal);
    mortal.begins();
    const auto service = builder.open().value();
    mortal.ends();
}

OPERATION(drop_service) {
    std::optional service{existing(mortal).open().value()};
    mortal.begins();
    service.reset();
    mortal.ends();
}

OPERATION(drop_node) {
    (void)mortal.node();
    mortal.begins();
    mortal.end_node();
    mortal.ends();
}
