// SPDX-License-Identifier: Apache-2.0
// A configuration file: whatever is in it is taken, or refused with a line to look at.
#include "config/file_reader.hpp"
#include "config/keys.hpp"
#include "fuzz/target.hpp"

#include <string>

FUZZ_TARGET(configuration) {
    roudi::Settings settings;
    const auto keys = roudi::keys_of(settings);
    const auto assignments = roudi::read_configuration(input, "file", keys);
    if (!assignments) {
        fuzz::check(assignments.error().starts_with("file:"), "an error that names no file");
        return;
    }
    for (const auto& assignment : *assignments) {
        bool known = false;
        for (const auto& key : keys) {
            if (key.name != assignment.key) continue;
            known = true;
            fuzz::check(key.why_unacceptable(assignment.value).empty(), "a value that is not acceptable");
            key.set(assignment.value);
        }
        fuzz::check(known, "a key that nobody knows");
    }
}
