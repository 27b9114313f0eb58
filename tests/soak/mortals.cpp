// SPDX-License-Identifier: Apache-2.0
// Those that are killed, and where they come from.
#include "harness/actor.hpp"
#include "soak/ends.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>

using namespace soak;
using namespace std::chrono_literals;

namespace {

class Mortal {
 public:
    Mortal(std::string socket, Tally& tally, std::uint64_t seed)
        : socket_{std::move(socket)}, tally_{tally}, chance_{seed} {}

    // Nodes and ports come and go, until it is killed.
    [[noreturn]] void live(const std::string& role) {
        while (true) {
            try {
                node_.emplace(node_of(socket_, role, chance_() % 4 != 0));
                for (std::uint64_t ports = chance_() % 4; ports < 4; ++ports) play(role);
                node_.reset();
            } catch (const ipc::Failure& failure) {
                lament(failure.what());
            }
        }
    }

 private:
    void play(const std::string& role) {
        if (role == "publisher") return publish();
        if (role == "subscriber") return subscribe();
        if (role == "client") return ask();
        if (role == "server") return answer();
        if (role == "notifier") return notify();
        listen();
    }
    // There may be no broker just now. All else has to work.
    void lament(const std::string& what) {
        if (what.starts_with("NoBroker") || what.starts_with("Timeout"))
            std::this_thread::sleep_for(1ms);
        else
            tally_.found(what);
    }
    template <class Work>
    void rounds(Work work) {
        for (std::uint64_t left = 1 + chance_() % 100; left > 0; --left) {
            work();
            node_->process();
            std::this_thread::sleep_for(200us);
        }
    }

    void publish() {
        Sender<Large> to_all{kept(*node_), Author::mortal, tally_};
        Sender<Small> newest{latest(*node_), Author::mortal, tally_};
        rounds([&] {
            to_all.send(4);
            newest.send(4);
            to_all.hesitate();
            newest.hesitate();
        });
    }
    void subscribe() {
        Reader<Large> all{kept(*node_), Kind::kept, tally_};
        Reader<Small> newest{latest(*node_), Kind::latest, tally_};
        const bool sleeps = chance_() % 2 == 0;
        rounds([&] {
            if (sleeps) all.sleep(1ms);
            all.take_all();
            newest.take_all();
        });
    }
    void ask() {
        Asker asker{*node_, Author::mortal, tally_};
        rounds([&] { (void)asker.ask(); });
    }
    void answer() {
        Answerer answerer{*node_, Author::mortal, tally_};
        rounds([&] { answerer.answer(static_cast<int>(chance_() % 4)); });
    }
    void notify() {
        Notifying notifying{*node_, of_mortal};
        rounds([&] { notifying.notify(); });
    }
    void listen() {
        Hearing hearing{*node_, tally_};
        const bool sleeps = chance_() % 2 == 0;
        rounds([&] { sleeps ? hearing.sleep(1ms) : hearing.hear(); });
    }

    const std::string socket_;
    Tally& tally_;
    std::mt19937_64 chance_;
    std::optional<ipc::Node> node_;
};

// Has no node and no thread, so what it forks is as good as a fresh process, and there at once.
ACTOR(nursery) {
    ::signal(SIGCHLD, SIG_IGN);  // the dead are gone at once
    Tally tally{arguments.at(1)};
    while (true) {
        std::istringstream order{test.hear()};
        std::string role;
        std::uint64_t seed = 0;
        order >> role >> seed;
        const pid_t child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            Mortal{arguments.at(0), tally, seed}.live(role);
        }
        test.tell(std::to_string(child));
    }
}

}  // namespace
