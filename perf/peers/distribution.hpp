// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <memory>

namespace bench {

// How often which time was measured, in logarithmic steps of 2.3 % from 1 ns to 10 s.
class Distribution {
 public:
    Distribution();
    ~Distribution();
    void add(double nanoseconds);

    // The steps in which there is something: [upper end in nanoseconds, count], in rising order.
    nlohmann::ordered_json steps() const;

 private:
    struct Histogram;
    std::unique_ptr<Histogram> histogram_;
};

}  // namespace bench
