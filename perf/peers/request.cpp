// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include "../src/fresh_directory.hpp"
#include "../src/two_processes.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace bench {

Setting Request::setting() const {
    return {.purpose = purpose,
            .payload = payload,
            .directory = directory,
            .name = directory.filename().string()};
}

Bare& Request::bare(BareWords& words, bool first) const {
    static std::optional<Bare> bare;
    if (!bare) bare.emplace(words, first);
    return *bare;
}

int run(int argc, char** argv, const Contestant& contestant,
        const std::function<void(const Request&, nlohmann::ordered_json&)>& measure) {
    Request request;
    Options options;
    bool describe = false;
    bool flow = false;
    CLI::App app{std::string{"Measures "} + contestant.name + " (" + contestant.how +
                 ") between two processes, beside a bare ping-pong, and prints JSON."};
    app.add_option("--payload", request.payload, "Bytes");
    app.add_flag("--flow", flow, "One way, as fast as it goes, instead of a ping-pong");
    app.add_option("--milliseconds", request.milliseconds, "To spend on each figure");
    app.add_option("--cpus", options.cpus, "The two cores to use, such as 0,1")->delimiter(',')->expected(2);
    app.add_flag("--describe", describe, "Only say what this is, and the largest payload");
    CLI11_PARSE(app, argc, argv);
    nlohmann::ordered_json result{{"system", contestant.name},
                                  {"how", contestant.how},
                                  {"largest", contestant.largest},
                                  {"flows", contestant.flows}};
    int status = 0;
    if (!describe) try {
            if (request.payload > contestant.largest) throw std::runtime_error{"a payload that is too large"};
            if (flow && !contestant.flows) throw std::runtime_error{"it would lose messages of a flow"};
            request.purpose = flow ? Purpose::flow : Purpose::exchange;
            request.cores = two_cores(options);
            sched_getaffinity(0, sizeof request.everywhere, &request.everywhere);
            request.directory = fresh_directory();
            auto rows = nlohmann::ordered_json::array();
            measure(request, rows);
            result["rows"] = std::move(rows);
        } catch (const std::exception& failure) {
            std::cerr << contestant.name << ": " << failure.what() << '\n';
            status = 1;
        }
    std::error_code ignored;  // what is left in the system's place for temporary files, the system removes
    if (!request.directory.empty()) std::filesystem::remove_all(request.directory, ignored);
    if (status == 0) std::cout << result.dump() << std::endl;
    return status;
}

}  // namespace bench
