// SPDX-License-Identifier: Apache-2.0
// Works on long jobs, several at a time, and tells each client how far its own is: a stream of responses for
// each request. A job whose client has lost interest is not worked on any longer.
#include "job.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <iostream>
#include <vector>

namespace {

struct Work {
    ipc::ActiveRequest<Job, Progress> request;
    std::uint32_t percent = 0;

    // One step. Returns whether that was the last.
    bool go_on() {
        if (!request.is_connected()) {  // cancelled, or its client died, or its deadline is over
            std::cout << "job " << request->number << " is given up at " << percent
                      << " %: " << to_string(request.state()) << std::endl;
            return true;
        }
        percent += 100 / request->steps;
        // A client that is slow loses older news of its job, and no other job's.
        request.send_copy({.percent = percent}).value();
        return percent >= 100;
    }
};

}  // namespace

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example worker").create().value();
    auto service =
        node.service_builder("My/Funk/Jobs").request_response<Job, Progress>().open_or_create().value();
    auto server = service.server_builder().create().value();

    std::vector<Work> under_way;
    while (node.wait(5ms)) {
        std::erase_if(under_way, [](Work& work) { return work.go_on(); });  // which ends its stream
        while (auto request = server.receive().value()) under_way.push_back({std::move(*request)});
    }
}
