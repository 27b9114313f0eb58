// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/alignment.hpp"
#include "layout/event_connection.hpp"
#include "ring/event_news.hpp"
#include "ring/slot.hpp"
#include "ring/waking.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::ring {

// The listener's half of an event connection; may be used by several threads at once. What an id's counter is
// ahead of the one in the books here has happened and nobody has been told. Whoever moves the books forward,
// by compare-and-swap, tells it; so each occurrence is told once.
//
// Above the ids, the books hold a counter of which everything below has been claimed. They never say more
// than that, but may say less: a slow thread sets them back, and then something is looked at once more.
//
// Bounded: a collect looks at each counter at most once, and loses at most 8 races for one of them. What it
// did not get then is there for the next.
template <class Atomics>
class alignas(layout::cache_line) EventReceiver : public WakingReceiver<Atomics, layout::EventConnection> {
    using Base = WakingReceiver<Atomics, layout::EventConnection>;
    using Base::shared;

 public:
    enum class Outcome : std::uint8_t {
        nothing,
        some,
        corrupted,  // found a word that an honest notifier cannot have written: cut the connection
    };
    static constexpr int max_lost_races = 8;

    // The segment outlives this object, and its layout was computed here, not read from the segment.
    EventReceiver(std::byte* segment, const layout::EventConnection& connection)
        : Base(segment), connection_(connection), books_(connection.counter_count) {}

    // For another connection of the same layout, whose segment took the place of the last one's. Nobody is
    // collecting; has_data() may be asked meanwhile, and its answer means nothing.
    void begin_again() {
        books_ = typename Atomics::Words(connection_.counter_count);
        known_.store(0, std::memory_order_relaxed);
        turn_.store(0, std::memory_order_relaxed);
    }

    // Whether collect() is worth a call. May be wrongly true while another thread collects.
    [[nodiscard]] bool has_data() const {
        EventNews const known = known_news();
        return news() != known;
    }

    // Of a notifier that is gone: whether it ended in good order.
    [[nodiscard]] bool sender_closed() const {
        // Acquire: pairs with EventSender::close().
        return shared(layout::EventConnection::sender_closed).load(std::memory_order_acquire) != 0;
    }

    // Likewise, but looks: wrongly true only where another thread collects meanwhile, or the next collect
    // finds that the notifier cheats.
    [[nodiscard]] bool has_unclaimed() {
        EventNews const known = known_news();
        EventNews const now = news();
        if (now == known) return false;
        Step const step = scan(top(), {0, id_count()}, [this](std::uint64_t id) {
            Counters const of = counters(id);
            return of.claimed == of.counted ? Step::go_on : Step::stop;
        });
        if (step == Step::go_on) learn(now);
        return step != Step::go_on;
    }

    // Calls sink(id, count) for each id that was notified since, with how often. `count` is the notifier's
    // word for it: a loop over it may never end. After `corrupted` some may have been told, too.
    template <class Sink>
    [[nodiscard]] Outcome collect(Sink&& sink) {
        return collect_by(sink, [&](Outcome& outcome) {
            return scan(top(), {0, id_count()}, [&](std::uint64_t id) {
                std::uint64_t count = 0;
                Step const step = claim(id, whole_difference, count);
                if (count != 0) {
                    outcome = Outcome::some;
                    sink(id, count);
                }
                return step;
            });
        });
    }

    // Calls sink(id, 1) for one occurrence of one id, if there is one. The ids take turns.
    template <class Sink>
    [[nodiscard]] Outcome collect_one(Sink&& sink) {
        return collect_by(sink, [&](Outcome& outcome) {
            auto const take = [&](std::uint64_t id) {
                std::uint64_t count = 0;
                if (Step const step = claim(id, 1, count); count == 0) return step;
                turn_.store(id + 1, std::memory_order_relaxed);
                outcome = Outcome::some;
                sink(id, count);
                return Step::stop;
            };
            std::uint64_t const turn = turn_.load(std::memory_order_relaxed);
            Step const step = scan(top(), {turn, id_count()}, take);
            return step == Step::go_on ? scan(top(), {0, turn}, take) : step;
        });
    }

 private:
    enum class Step : std::uint8_t {
        go_on,  // everything so far has been claimed
        stop,   // not everything
        corrupted,
    };
    struct Range {
        std::uint64_t from;
        std::uint64_t to;
        friend bool operator==(const Range&, const Range&) = default;
    };
    enum class Newest : std::uint8_t { claimed, claimed_already, not_alone, corrupted };
    static constexpr std::uint64_t whole_difference = counting_bound;

    std::uint64_t id_count() const { return connection_.levels[0].count; }
    unsigned top() const { return connection_.level_count - 1; }

    EventNews news() const {
        // Acquire: pairs with the last store in EventSender::notify(), for the value and for all counters.
        return {shared(layout::EventConnection::news).load(std::memory_order_acquire)};
    }
    // Asked before the news: whoever stored it has seen that, and what is loaded next is no older.
    EventNews known_news() const {
        // Acquire: pairs with learn().
        return {known_.load(std::memory_order_acquire)};
    }
    // Everything up to this news has been claimed. True for ever, so another thread may be set back by it.
    void learn(EventNews news) {
        // Release: pairs with known_news().
        known_.store(news.word, std::memory_order_release);
    }

    // `look` claims at every id, or stops. The news is loaded before: a look that
    // was not stopped has claimed everything that it covers.
    template <class Sink, class Look>
    Outcome collect_by(Sink& sink, Look&& look) {
        EventNews const known = known_news();
        EventNews const now = news();
        if (now == known) return Outcome::nothing;
        if (now.follows(known)) {
            Newest const newest = claim_newest(now);
            if (newest == Newest::corrupted) return Outcome::corrupted;
            if (newest != Newest::not_alone) {
                learn(now);
                if (newest == Newest::claimed_already) return Outcome::nothing;
                sink(now.id(), std::uint64_t{1});
                return Outcome::some;
            }
        }
        Outcome outcome = Outcome::nothing;
        Step const step = look(outcome);
        if (step == Step::corrupted) return Outcome::corrupted;
        if (step == Step::go_on) learn(now);
        return outcome;
    }

    // The common case, one line and no scan: everything before this news has been claimed, and its id and its
    // counter are beside it.
    Newest claim_newest(EventNews now) {
        std::uint64_t const id = now.id();
        if (id >= id_count()) return Newest::corrupted;
        // Acquire: pairs with the store in EventSender::notify(). A value that belongs to a later news comes
        // with the news before that, so that the load below finds another one than `now`.
        EventValue const value{shared(layout::EventConnection::value).load(std::memory_order_acquire)};
        if (!value.belongs_to(now) ||
            shared(layout::EventConnection::news).load(std::memory_order_relaxed) != now.word)
            return Newest::not_alone;
        std::uint64_t const counter = value.counter();
        std::uint64_t found = counter - 1;
        // Release: pairs with the acquires of `books_` in counters(), and here: whoever finds this counter in
        // the books does not find an older one in the segment.
        if (books_[id].compare_exchange_strong(found, counter, std::memory_order_acq_rel,
                                               std::memory_order_acquire))
            return Newest::claimed;
        // A look that was ahead of the news, or another thread, was here. (No honest counter is 0, and what
        // is less was not all claimed: looking at everything tells why.)
        return counter != 0 && found >= counter ? Newest::claimed_already : Newest::not_alone;
    }

    // Looks at what changed below the counters of one level, for ids in a range: calls at(id).
    template <class At>
    Step scan(unsigned level, Range range, At&& at) {
        if (level == 0) {
            for (std::uint64_t id = range.from; id < range.to; ++id)
                if (Step const step = at(id); step != Step::go_on) return step;
            return Step::go_on;
        }
        layout::EventConnection::Level const& here = connection_.levels[level];
        unsigned const shift = level * connection_.group_shift;
        for (std::uint64_t index = range.from >> shift; index << shift < range.to; ++index) {
            // Acquire, in this order: as for the news.
            std::uint64_t const before = books_[here.first + index].load(std::memory_order_acquire);
            std::uint64_t const counter =
                shared(here.offset + index * sizeof counter).load(std::memory_order_acquire);
            if (counter == before) continue;
            if (counter < before || counter >= counting_bound) return Step::corrupted;
            Range const all{index << shift, std::min((index + 1) << shift, id_count())};
            Range const part{std::max(range.from, all.from), std::min(range.to, all.to)};
            if (Step const step = scan(level - 1, part, at); step != Step::go_on) return step;
            // Release: pairs with the acquire above.
            if (part == all) books_[here.first + index].store(counter, std::memory_order_release);
        }
        return Step::go_on;
    }

    struct Counters {
        std::uint64_t claimed;
        std::uint64_t counted;  // by the notifier
    };
    Counters counters(std::uint64_t id) {
        // The books first: whoever claimed up to there has seen the counter there, and what is loaded next
        // is no older. Acquire: pairs with the compare-and-swaps in claim() and claim_newest().
        std::uint64_t const claimed = books_[id].load(std::memory_order_acquire);
        // Acquire: pairs with EventSender::count_at(), for what was done before the notification.
        return {claimed,
                shared(connection_.levels[0].offset + id * sizeof claimed).load(std::memory_order_acquire)};
    }

    // Puts into `count` how often this id has happened and nobody was told, `most` at most; now the caller
    // has to tell. Stops where too many races were lost.
    Step claim(std::uint64_t id, std::uint64_t most, std::uint64_t& count) {
        auto [claimed, counted] = counters(id);
        if (counted < claimed || counted >= counting_bound) return Step::corrupted;
        for (int lost = 0; claimed < counted; ++lost) {
            if (lost == max_lost_races) return Step::stop;
            std::uint64_t const difference = std::min(counted - claimed, most);
            // Release: as in claim_newest().
            if (books_[id].compare_exchange_strong(claimed, claimed + difference, std::memory_order_acq_rel,
                                                   std::memory_order_acquire)) {
                count = difference;
                break;
            }
        }
        return Step::go_on;
    }

    typename Atomics::template Atomic<std::uint64_t> known_{0};  // the news up to which all was claimed
    typename Atomics::template Atomic<std::uint64_t> turn_{0};   // the id that collect_one() looks at first
    layout::EventConnection connection_;
    typename Atomics::Words books_;  // of each counter: what was claimed
};

}  // namespace ipc::ring
