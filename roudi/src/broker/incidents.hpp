// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/identity.hpp"
#include "wire/uuid.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace roudi {

// What went wrong lately, for status. The newest 32 of each kind are kept.
struct Incidents {
    using Time = std::chrono::system_clock::time_point;

    // A session that the broker ended.
    struct Ended {
        Time at;
        Identity identity;
        std::string node;
        std::string reason;
    };
    // A connection that one half cut, because of what it found in memory that the other can write.
    struct Cut {
        Time at;
        ipc::wire::Uuid connection;
        pid_t by = 0;
        pid_t peer = 0;
        std::string service;
        std::string detail;
    };

    // What a node claimed when it came back, and was not granted.
    struct NotReadopted {
        Time at;
        Identity identity;
        std::string node;
        std::string what;
        std::string reason;
    };
    // What nodes that came back have again.
    struct Readopted {
        std::uint64_t nodes = 0;
        std::uint64_t services = 0;
        std::uint64_t ports = 0;
        std::uint64_t connections = 0;  // of which both halves were claimed
        std::uint64_t handed_over = 0;  // to a half that had not heard of it
        std::uint64_t dropped = 0;      // halves whose other one is gone
    };

    void add(Ended incident) {
        shorten(incident.reason);
        append(ended, std::move(incident));
    }
    void add(Cut incident) {
        shorten(incident.detail);
        append(cut, std::move(incident));
    }
    void add(NotReadopted incident) {
        shorten(incident.reason);
        append(not_readopted, std::move(incident));
    }
    // Clients have a say in these texts, and status has to fit a frame.
    static void shorten(std::string& text) {
        if (text.size() > longest_text) text.resize(longest_text);
    }

    std::deque<Ended> ended;
    std::deque<Cut> cut;
    std::deque<NotReadopted> not_readopted;
    Readopted readopted;
    std::uint64_t restarts = 0;  // of the broker, as far as the nodes that came back know

 private:
    static constexpr std::size_t kept = 32;
    static constexpr std::size_t longest_text = 500;
    template <class T>
    static void append(std::deque<T>& list, T incident) {
        if (list.size() == kept) list.pop_front();
        list.push_back(std::move(incident));
    }
};

}  // namespace roudi
