// SPDX-License-Identifier: Apache-2.0
// The main of every test program: an actor where the environment names one, else the tests.
#define CATCH_CONFIG_RUNNER
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/not_tried.hpp"

int main(int argc, char** argv) {
    if (harness::is_actor()) return harness::run_actor(argc, argv);
    return harness::accounted_for(Catch::Session().run(argc, argv));
}
