// SPDX-License-Identifier: Apache-2.0
// Those that live through it all. What they send each other comes, all of it and once.
#include "harness/actor.hpp"
#include "soak/ends.hpp"

#include <sstream>

using namespace soak;

namespace {

// Sends, asks and notifies, until the test says "pause"; and then says how much that was.
ACTOR(sending) {
    Tally tally{arguments.at(1)};
    const int receivers = std::stoi(arguments.at(2));
    auto node = node_of(arguments.at(0), "sending", true);
    Sender<Large> to_all{kept(node), Author::survivor, tally};
    Sender<Small> newest{latest(node), Author::survivor, tally};
    Asker asker{node, Author::survivor, tally};
    Notifying notifying{node, of_survivor};
    test.tell("ready");
    while (true) {
        if (test.has_message()) {
            if (test.hear() == "end") return 0;
            test.tell(std::to_string(to_all.sent()) + " " + std::to_string(newest.sent()) + " " +
                      std::to_string(notifying.notified()));
            if (test.hear() == "end") return 0;
        }
        to_all.send(3 * room);  // it has to wait
        newest.send(4);
        to_all.hesitate();
        newest.hesitate();
        notifying.notify();
        const int answers = asker.ask();
        tally.demand(answers == receivers, "of " + std::to_string(receivers) + " survivors " +
                                               std::to_string(answers) + " answered a request");
    }
}

// Receives, hears and answers. Told how much was sent, it says when it has all of that.
ACTOR(receiving) {
    Tally tally{arguments.at(1)};
    auto node = node_of(arguments.at(0), "receiving", arguments.at(2) == "threaded");
    Reader<Large> all{kept(node), Kind::kept, tally};
    Reader<Small> newest{latest(node), Kind::latest, tally};
    Answerer answerer{node, Author::survivor, tally};
    Hearing hearing{node, tally};
    test.tell("ready");
    std::uint64_t sent_to_all = 0;
    std::uint64_t sent_newest = 0;
    std::uint64_t notified = 0;
    bool is_asked = false;
    while (true) {
        if (test.has_message()) {
            const std::string told = test.hear();
            if (told == "end") return 0;
            std::istringstream{told} >> sent_to_all >> sent_newest >> notified;
            is_asked = true;
        }
        all.take_all();
        newest.take_all();
        answerer.answer(1);
        hearing.hear();
        node.process();
        tally.demand(!is_asked || hearing.heard_of_survivor() <= notified, "a notification was heard twice");
        if (!is_asked || all.last_of_survivor() != sent_to_all || newest.last_of_survivor() != sent_newest ||
            hearing.heard_of_survivor() != notified)
            continue;
        is_asked = false;
        test.tell("has all");
    }
}

}  // namespace
