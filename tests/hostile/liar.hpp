// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/raw_client.hpp"
#include "hostile/hand.hpp"
#include "shm/mapping.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hostile {

// What was done, for who wants to know how much a test tried.
struct Crimes {
    std::uint64_t committed = 0;
    std::uint64_t moves = 0;  // of an honest player, in between
    std::uint64_t connections = 0;
    std::uint64_t cut = 0;  // of those, by who found out
    std::set<std::pair<std::string, Lie>> kinds;
    std::set<std::string> places;
};

// One that is allowed to take part: a session of its own, one port at a time, and the very memory that the
// broker gave it. It answers the broker as an honest node does, and tells lies to all others.
class Liar {
 public:
    Liar(const std::string& socket, const wire::OpenService& service, std::uint64_t seed, Crimes& crimes);

    // A new port, connected with everybody who is there.
    void begin(const wire::PortSettings& port);
    // In each connection a move or a lie; and what the broker says is heard.
    void step();
    // Takes what others sent, and keeps it for ever.
    void keep();
    // The lines that wake those who sleep, as they come.
    std::vector<ipc::shm::UniqueFd> wake_lines;
    // Lets the others run for a moment, unless the broker says something.
    void pause() const;
    // Everybody found out, or nobody is there.
    bool is_cut_off() const { return grips_.empty(); }
    void drop_port();

 private:
    struct Held {
        ipc::shm::Mapping segment;
        std::vector<ipc::shm::Mapping> data;  // of the other end; not written to: the kernel would not let it
        std::unique_ptr<Hand> hand;
    };

    template <class Message>
    Message answered();
    void attend();
    void note(RawClient::Heard& heard);
    void take_up(const wire::ConnectionOffered& offered, std::vector<ipc::shm::UniqueFd> descriptors);
    void lie(Held& held);

    RawClient client_;
    Random random_;
    Crimes& crimes_;
    std::uint64_t service_ = 0;
    wire::ServiceSettings settings_;
    wire::Uuid port_;
    ipc::shm::Mapping data_;
    ipc::layout::Data data_layout_;
    std::map<wire::Uuid, Held> grips_;
};

// How much of its own memory a port of such a service has, and how it is laid out.
ipc::layout::Data data_of(const wire::ServiceSettings& service, const wire::PortSettings& port);

}  // namespace hostile
