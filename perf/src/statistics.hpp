// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace bench {

// Of a sample that is not empty; between two neighbours where the position is not a whole one.
double quantile(std::vector<double> values, double fraction);
double median(std::vector<double> values);

// The middle half's width, as a part of the median: how far to trust the median.
double spread(const std::vector<double>& values);

}  // namespace bench
