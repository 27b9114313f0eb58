// SPDX-License-Identifier: Apache-2.0
#include "broker.hpp"

#include "broker_program.hpp"
#include "cpu_time.hpp"
#include "statistics.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

namespace {

double resident_mib(pid_t pid) {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);)
        if (line.compare(0, 6, "VmRSS:") == 0) return std::stod(line.substr(6)) / 1024;
    throw std::runtime_error{"no VmRSS in the status of process " + std::to_string(pid)};
}

double cpu_ms_while_idle(pid_t pid) {
    const double before = cpu_ms(pid);
    std::this_thread::sleep_for(std::chrono::seconds{2});
    return cpu_ms(pid) - before;
}

Rows row(const char* what, const char* unit, double value, double bound) {
    return Rows{{"figure", what}, {"unit", unit}, {"value", value}, {"bound", bound}};
}

}  // namespace

Rows broker(const Options& options) {
    std::vector<double> starts;
    for (std::size_t i = 0; i < options.rounds_or(20, 5); ++i)
        starts.push_back(
            std::chrono::duration<double, std::milli>(BrokerProgram{options}.time_to_ready()).count());
    const BrokerProgram idle{options};
    constexpr double ready_bound_ms = 20, resident_bound_mib = 10, idle_bound_ms = 0;
    return Rows::array(
        {row("start to ready, median", "ms", median(starts), ready_bound_ms),
         row("start to ready, slowest", "ms", quantile(starts, 1), ready_bound_ms),
         row("resident with nothing connected", "MiB", resident_mib(idle.pid()), resident_bound_mib),
         row("CPU time in 2 idle seconds", "ms", cpu_ms_while_idle(idle.pid()), idle_bound_ms)});
}

}  // namespace bench
