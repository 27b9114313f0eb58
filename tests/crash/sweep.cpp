// SPDX-License-Identifier: Apache-2.0
#include "crash/sweep.hpp"

#include "crash/steps.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <utility>

namespace crash {

namespace {

// A step that no operation has.
constexpr std::uint64_t never = ~std::uint64_t{0};

}  // namespace

std::uint64_t seed() {
    static const std::uint64_t value = [] {
        const char* given = std::getenv("CRASH_SEED");
        const std::uint64_t chosen =
            given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
        std::printf("CRASH_SEED=%llu\n", static_cast<unsigned long long>(chosen));
        return chosen;
    }();
    return value;
}

// Whoever comes and goes has been there twice before it is remembered how everything is without them.
Sweep::Stage::Stage(const Cast& cast)
    : survivors{cast(broker.socket())}, traces{broker}, first{broker}, second{broker} {
    for (int i = 0; i < 2; ++i) survivors->go_on_without();
    traces.remember();
}

Sweep::~Sweep() {
    std::uint64_t steps = 0;
    for (const auto& [operation, count] : steps_) steps += count;
    std::printf("%s: %zu operations, %llu steps, %llu pairs, %llu deaths; violations = %llu\n",
                title_.c_str(), steps_.size(), static_cast<unsigned long long>(steps),
                static_cast<unsigned long long>(pairs_), static_cast<unsigned long long>(deaths_),
                static_cast<unsigned long long>(violations_));
    std::fflush(stdout);
}

Sweep::Stage& Sweep::stage() {
    if (!stage_) stage_.emplace(cast_);
    return *stage_;
}

Victim::Relief Sweep::relief() {
    return [&survivors = *stage().survivors] { survivors.relieve(); };
}

// After a violation everything begins anew, so that the next one is seen by itself.
void Sweep::found(const std::string& violation) {
    ++violations_;
    std::printf("%s: %s\n", title_.c_str(), violation.c_str());
    std::fflush(stdout);
    stage_.reset();
}

bool Sweep::cut(Victim& victim, const Cut& cut) {
    victim.prepare(cut.operation, cut.step, creation_bound_, relief());
    stage().survivors->greet();
    return victim.go_on(relief());
}

void Sweep::bury(std::uint64_t done) {
    stage().survivors->look_back(done);
    stage().traces.expect_none([this] { stage().survivors->take_notice(); });
    stage().survivors->go_on_without();
}

// Whether the operation has this step.
bool Sweep::one(const Cut& only) {
    Victim& victim = stage().first;
    try {
        const bool halted = cut(victim, only);
        stage().survivors->go_on_beside();
        ++deaths_;
        victim.die();
        bury(victim.done());
        if (!halted)
            std::istringstream{victim.said().substr(sizeof "done")} >> steps_[only.operation] >>
                kinds_[only.operation];
        return halted;
    } catch (const std::exception& failure) {
        const bool halted = victim.said().starts_with("halted");
        found(only.operation + ", step " + std::to_string(only.step) + " (" + victim.said() +
              "): " + failure.what());
        return halted;
    }
}

void Sweep::every_step(const Operations& operations) {
    for (const std::string& operation : operations)
        for (std::uint64_t step = 1; one({operation, step}); ++step) {
        }
}

std::pair<bool, bool> Sweep::two(const Cut& first, const Cut& second) {
    Victim& he = stage().first;
    Victim& she = stage().second;
    std::pair halted{false, false};
    try {
        he.prepare(first.operation, first.step, creation_bound_, relief());
        she.prepare(second.operation, second.step, creation_bound_, relief());
        stage().survivors->greet();
        halted.first = he.go_on(relief());
        halted.second = she.go_on(relief());
        stage().survivors->go_on_beside();
        deaths_ += 2;
        ++pairs_;
        const bool he_first = (first.step + second.step) % 2 == 0;
        (he_first ? he : she).die();
        (he_first ? she : he).die();
        bury(he.done() + she.done());
    } catch (const std::exception& failure) {
        found(first.operation + ", step " + std::to_string(first.step) + " (" + he.said() + "), and " +
              second.operation + ", step " + std::to_string(second.step) + " (" + she.said() +
              "): " + failure.what());
    }
    return halted;
}

void Sweep::every_pair(const Operations& first, const Operations& second) {
    for (const std::string& his : first)
        for (const std::string& hers : second) {
            (void)steps_of(his);
            (void)steps_of(hers);
            std::pair halted{true, true};
            for (std::uint64_t i = 1; halted.first; ++i) {
                if (is_as_before(his, i)) continue;
                halted.second = true;
                for (std::uint64_t k = 1; halted.second; ++k)
                    if (!is_as_before(hers, k)) halted = two({his, i}, {hers, k});
            }
        }
}

bool Sweep::is_as_before(const std::string& operation, std::uint64_t step) const {
    const std::string& kinds = kinds_.at(operation);
    return step > 1 && step - 2 < kinds.size() && kinds[step - 2] == static_cast<char>(StepKind::look);
}

void Sweep::some_pairs(const Operations& first, const Operations& second, std::size_t count) {
    std::mt19937_64 chance{seed()};
    for (const std::string& his : first)
        for (const std::string& hers : second)
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint64_t step = 1 + chance() % (steps_of(his) + 1);
                two({his, step}, {hers, 1 + chance() % (steps_of(hers) + 1)});
            }
}

std::uint64_t Sweep::steps_of(const std::string& operation) {
    if (!steps_.contains(operation)) (void)one({operation, never});
    return steps_[operation];
}

}  // namespace crash
