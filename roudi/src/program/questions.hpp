// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace roudi {

// Becomes roudictl, with the same arguments: the one beside this program, or else the one on the PATH.
// Returns the code to exit with if there is none.
int hand_over_to_roudictl(char** argv);

}  // namespace roudi
