// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catch.hpp"
#include "harness/actor.hpp"
#include "hostile/services.hpp"
#include "wire/messages.hpp"

#include <cstdint>
#include <sstream>
#include <string>

namespace hostile {

namespace wire = ipc::wire;

template <class Payload>
wire::TypeDetail type_of() {
    return {.name = std::string{Payload::ipc_type_name}, .size = sizeof(Payload), .alignment = 8};
}

inline wire::OpenService opening(const std::string& kind) {
    auto type = kind == "chunks" || kind == "large requests" ? type_of<Chunk>() : type_of<Slot>();
    if (kind == "slices")
        type = {.name = "u64", .size = 8, .alignment = 8, .variant = wire::TypeVariant::Dynamic};
    wire::OpenService opening{.name = "service", .mode = wire::OpenMode::Open, .request = {}};
    if (kind == "events") {
        opening.request = wire::EventRequest{};
    } else if (kind == "chunks" || kind == "slots" || kind == "slices") {
        wire::PublishSubscribeRequest request;
        request.settings.payload = type;
        opening.request = request;
    } else {
        wire::RequestResponseRequest request;
        request.settings.request = request.settings.response = type;
        opening.request = request;
    }
    return opening;
}

// An honest pair and its world. What it verified shows that nobody hangs, and that it ends in good order that
// nobody crashed or found anything wrong.
class HonestPair {
 public:
    explicit HonestPair(const std::string& kind, const std::string& configuration = "")
        : broker{{.arguments = {}, .environment = {}, .configuration = configuration}},
          kind_{kind},
          receiver_{"honest_receiver", {broker.socket(), kind}},
          receiver_id_{receiver_.hear()},
          sender_{"honest_sender", {broker.socket(), kind}},
          sender_id_{sender_.hear()} {
        receiver_.tell(sender_id_);
        sender_.tell(receiver_id_);
    }

    // Until both have got further.
    void go_on() {
        for (harness::Actor* actor : {&receiver_, &sender_}) {
            const std::uint64_t before = said_by(*actor);
            REQUIRE(eventually([&] { return said_by(*actor) > before; }));
        }
    }
    // `alone`: nobody else ever sent.
    void end(bool alone) {
        cut = 0;
        // The client waits for the server's answers, and stops first.
        sender_.tell("end");
        heard(sender_.hear());
        const std::string told = kind_ == "events" ? sender_.hear() : "";
        receiver_.tell("end");
        verified = heard(receiver_.hear());
        if (kind_ == "events") {
            receiver_.tell(alone ? "alone" : "not alone");
            receiver_.tell(told);
        }
        const harness::Ending in_order{.exited = true, .code = 0, .signal = 0};
        CHECK(receiver_.wait() == in_order);
        if (kind_ == "events") sender_.tell("end");
        CHECK(sender_.wait() == in_order);
    }

    // Of connections.
    std::size_t receiver_mappings() const {
        return harness::mappings_with(receiver_.process.pid(), "ipc-connection");
    }

    harness::BrokerProcess broker;
    std::uint64_t verified = 0;
    std::uint64_t cut = 0;

 private:
    std::uint64_t said_by(harness::Actor& actor) {
        actor.tell("how far");
        return heard(actor.hear());
    }
    std::uint64_t heard(const std::string& text) {
        std::istringstream words{text};
        std::uint64_t done = 0;
        std::uint64_t cut_connections = 0;
        words >> done >> cut_connections;
        cut += cut_connections;
        return done;
    }

    std::string kind_;
    harness::Actor receiver_;
    std::string receiver_id_;
    harness::Actor sender_;
    std::string sender_id_;
};

}  // namespace hostile
