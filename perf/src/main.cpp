// SPDX-License-Identifier: Apache-2.0
#include "broker.hpp"
#include "event.hpp"
#include "fan.hpp"
#include "flow.hpp"
#include "growth.hpp"
#include "idle.hpp"
#include "latency.hpp"
#include "local.hpp"
#include "memory.hpp"
#include "options.hpp"
#include "reclaim.hpp"
#include "report.hpp"
#include "request.hpp"
#include "restart.hpp"
#include "setup.hpp"
#include "slices.hpp"
#include "throughput.hpp"
#include "wake.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <exception>
#include <iostream>

namespace {

struct Benchmark {
    const char* name;
    const char* title;
    bench::Rows (*run)(const bench::Options&);
};

constexpr std::array benchmarks{
    Benchmark{"latency",
              "One way between two processes, by payload size, as ratio to a bare ping-pong and a "
              "reference ring",
              bench::latency},
    Benchmark{"flow", "Lossless flow of 64-byte payloads from one process to another", bench::flow},
    Benchmark{"throughput", "Samples by payload and batch: so many are sent before anybody waits",
              bench::throughput},
    Benchmark{"slices", "Slices against payloads of fixed size, one way between two processes",
              bench::slices},
    Benchmark{"growth",
              "What it costs a sender and a receiver when a port grows, and what it keeps in memory",
              bench::growth},
    Benchmark{"fan", "One publisher to many subscribers, many publishers to one subscriber", bench::fan},
    Benchmark{"request", "Requests and responses, as ratio to a bare round trip", bench::request},
    Benchmark{"event", "Notifications to listeners that are awake", bench::event},
    Benchmark{"wake", "From before a send until who slept has it, as ratio to a bare byte", bench::wake},
    Benchmark{"local", "One thread, one process, as multiples of an uncontended fetch_add", bench::local},
    Benchmark{"setup",
              "Opening a service and creating a port, as multiples of a bare socket round trip and a "
              "bare hand-over of a segment",
              bench::setup},
    Benchmark{"reclaim",
              "From kill -9 of a subscriber until its publisher goes on, and until the broker says so",
              bench::reclaim},
    Benchmark{"restart",
              "From kill -9 of the broker: the longest gap in a flow, and until new services and ports work",
              bench::restart},
    Benchmark{"broker", "What the broker costs with nothing connected", bench::broker},
    Benchmark{"memory", "What a publisher of 16 MiB samples keeps in memory for its subscribers",
              bench::memory},
    Benchmark{"idle", "Processor time of clients that wait, and of being woken", bench::idle}};

}  // namespace

int main(int argc, char** argv) {
    bench::Options options;
    CLI::App app{
        "Measures libipc and roudi beside what the machine itself charges. perf/README.md says what each "
        "figure means."};
    app.require_subcommand(1);
    for (const Benchmark& benchmark : benchmarks) {
        CLI::App* const command = app.add_subcommand(benchmark.name, benchmark.title);
        command->add_flag("--json", options.json, "Print an array of objects for programs");
        command->add_flag("--quick", options.quick, "Fewer and shorter rounds: a first impression");
        command->add_option("--rounds", options.rounds, "Rounds that count (default: 20, with --quick 5)");
        command->add_option("--cpus", options.cpus, "The two cores to use, such as 0,1")
            ->delimiter(',')
            ->expected(2);
        command
            ->add_option("--broker", options.broker,
                         "The broker to start (default: roudi beside this program)")
            ->check(CLI::ExistingFile);
    }
    CLI11_PARSE(app, argc, argv);
    try {
        for (const Benchmark& benchmark : benchmarks)
            if (app.got_subcommand(benchmark.name))
                bench::print(benchmark.title, benchmark.run(options), options);
    } catch (const std::exception& failure) {
        std::cerr << "ipc-bench: " << failure.what() << '\n';
        return 1;
    }
}
