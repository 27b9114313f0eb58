// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/raw_client.hpp"
#include "shm/unique_fd.hpp"
#include "wire/frame_writer.hpp"

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Nodes that say to the next broker what a test has them say.
namespace restart {

inline std::vector<ipc::shm::UniqueFd> copies(std::initializer_list<const ipc::shm::UniqueFd*> descriptors) {
    std::vector<ipc::shm::UniqueFd> list;
    for (const ipc::shm::UniqueFd* descriptor : descriptors) list.push_back(descriptor->duplicate());
    return list;
}

// What somebody has who had a broker, and a port there.
struct Claimant {
    wire::Welcome welcome;
    ipc::shm::UniqueFd counters;
    ipc::shm::UniqueFd record;
    std::uint64_t service = 0;
    wire::PortCreated port;
    ipc::shm::UniqueFd data;  // where the port has some

    explicit Claimant(const std::string& socket, const std::string& name,
                      wire::CreatePort request = publisher_request(0)) {
        RawClient client{socket};
        welcome = client.hello(name);
        counters = std::move(client.last_descriptors.at(0));
        record = std::move(client.last_descriptors.at(1));
        request.service = service = client.call<wire::ServiceOpened>(open_service(name)).service;
        port = client.call<wire::PortCreated>(request);
        if (!client.last_descriptors.empty()) data = std::move(client.last_descriptors.front());
    }
};

class Comeback {
 public:
    explicit Comeback(const std::string& socket) : client_{socket} {
        wire::Hello hello;
        hello.node_name = "claimant";
        hello.features.emplace_back(wire::readopts_feature);
        if (client_.call<wire::Welcome>(hello).features.size() != 1)
            throw std::runtime_error{"the broker does not take nodes back"};
    }
    void say(const wire::ClientMessage& message, std::vector<ipc::shm::UniqueFd> descriptors = {},
             std::uint64_t request = 0) {
        wire::FrameWriter writer;
        writer.enqueue(wire::encode(message, request, std::move(descriptors)));
        writer.flush(client_.socket());
    }
    void claim_node(const Claimant& claimant) {
        say(wire::Readopt{}, copies({&claimant.record, &claimant.counters}));
    }
    void claim_service(const Claimant& claimant) {
        say(wire::ReadoptService{.service = claimant.service, .handles = 1});
    }
    void claim_port(const Claimant& claimant) {
        const bool has_data = static_cast<bool>(claimant.data);
        say(wire::ReadoptPort{.port = claimant.port.port, .has_data = has_data, .wakes = false},
            has_data ? copies({&claimant.data}) : copies({}));
    }
    // All that it has, and does not say that this is all.
    void claim(const Claimant& claimant) {
        claim_node(claimant);
        claim_service(claimant);
        claim_port(claimant);
    }
    void claim_all(const Claimant& claimant) {
        claim(claimant);
        say_done();
    }
    void say_done() { say(wire::ReadoptDone{}, {}, 1); }
    std::string reason() { return client_.reason_of_the_end(); }
    RawClient& client() { return client_; }

 private:
    RawClient client_;
};

}  // namespace restart
