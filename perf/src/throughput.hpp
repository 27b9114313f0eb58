// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// What a sample takes when so many are sent before anybody waits, by payload size and by batch.
Rows throughput(const Options& options);

}  // namespace bench
