// SPDX-License-Identifier: Apache-2.0
#include "execution.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>

namespace model {

namespace {
constexpr std::size_t scenario = 0;
constexpr std::size_t step_limit = 5000;
Execution* running_execution = nullptr;
}  // namespace

Execution::Execution(Guide& guide, const Bounds& bounds, Workspace& workspace)
    : guide_(guide), left_(bounds), workspace_(workspace) {
    tasks_.reserve(max_tasks);
    tasks_.push_back({});
    tasks_.front().name = "scenario";
    for (Cell& cell : workspace_.cells) {
        cell.messages.assign(1, {0, View{}});
        cell.reads = View{};
    }
    running_execution = this;
}

Execution::~Execution() {
    running_execution = nullptr;
}

Execution& Execution::current() {
    return *running_execution;
}

std::size_t Execution::task(std::string name, std::function<void()> body, bool mortal) {
    if (tasks_.size() == max_tasks) throw std::logic_error("more tasks than a view has room for");
    Task& added = tasks_.emplace_back();
    added.name = std::move(name);
    added.body = std::move(body);
    added.mortal = mortal;
    return tasks_.size() - 1;
}

void Execution::prepare(std::size_t index) {
    Task& task = tasks_[index];
    task.view = tasks_[scenario].view;
    getcontext(&task.context);
    task.context.uc_stack.ss_sp = workspace_.stack(index);
    task.context.uc_stack.ss_size = Workspace::stack_size;
    task.context.uc_link = nullptr;
    makecontext(
        &task.context,
        +[] {
            Execution& execution = current();
            // Who may die may do so before the first step, too.
            execution.chosen_already_ = !execution.self().mortal;
            execution.learn(0);
            execution.self().body();
            execution.self().over = true;
            execution.pass_on();
        },
        0);
}

void Execution::run() {
    for (std::size_t i = 1; i < tasks_.size(); ++i) prepare(i);
    running_ = true;
    pass_on();
    running_ = false;
    current_ = scenario;
    if (abandoned_) return;
    for (const Task& task : tasks_) tasks_[scenario].view.join(task.view);
    for (Location i = 0; i < max_locations; ++i)
        tasks_[scenario].view.of(i) = static_cast<Time>(cell(i).messages.size() - 1);
    if (end_check_) end_check_();
}

bool Execution::runnable(std::size_t task) const {
    return task != scenario && !tasks_[task].over && (!tasks_[task].waits_for || tasks_[task].waits_for());
}

void Execution::step() {
    if (!running_) return;
    if (steps_.size() > step_limit) require(false, "an execution ends");
    if (!std::exchange(chosen_already_, false)) pass_on();
}

// Decides who goes on, and returns when the caller is it (for
// who is over: never, to the scenario: at the end).
void Execution::pass_on() {
    std::size_t const before = current_;
    if (guide_.seen(state(), left_)) abandon();
    std::vector<std::size_t>& next = candidates_;
    next.clear();
    bool const could_go_on = runnable(before);
    if (could_go_on) next.push_back(before);
    if (!could_go_on || left_.preemptions != 0)
        for (std::size_t i = 1; i < tasks_.size(); ++i)
            if (i != before && runnable(i)) next.push_back(i);
    bool const may_die =
        before != scenario && !tasks_[before].over && tasks_[before].mortal && left_.deaths != 0;
    std::size_t const options = next.size() + (may_die ? 1 : 0);
    std::size_t chosen = options > 1 ? guide_.choose(options) : 0;
    if (may_die && chosen == next.size()) {
        spend(left_.deaths);
        tasks_[before].over = tasks_[before].died = true;
        note("dies", no_location, 0);
        pass_on();
        return;
    }
    std::size_t const after = options == 0 ? scenario : next[chosen];
    if (could_go_on && after != before) spend(left_.preemptions);
    tasks_[after].waits_for = nullptr;
    if (after == before) return;
    current_ = after;
    swapcontext(&tasks_[before].context, &tasks_[after].context);
}

void Execution::abandon() {
    abandoned_ = true;
    setcontext(&tasks_[scenario].context);
    throw std::logic_error("setcontext returned");
}

void Execution::require(bool holds, std::string_view promise) {
    if (holds) return;
    if (violation_.empty()) violation_ = promise;
    if (running_ && current_ != scenario) abandon();
}

void Execution::block_until(std::function<bool()> condition) {
    self().waits_for = std::move(condition);
    chosen_already_ = false;
    learn(0);
    pass_on();
    learn(1);
}

// Two executions in the same state have the same futures. The order in which independent steps led to it does
// not show in it: that is what keeps exploring everything affordable.
std::uint64_t Execution::state() const {
    std::uint64_t result = mix(memory_hash_, sequential_);
    for (const Task& task : tasks_)
        result += mix(mix(static_cast<std::uint64_t>(&task - tasks_.data()), task.history),
                      (task.over ? 2U : 0U) + (task.died ? 1U : 0U));
    for (const Watched& watched : watched_)
        for (std::size_t i = 0; i < watched.count; ++i) result = mix(result, watched.words[i]);
    return left_.preemptions == Bounds::unlimited ? result : mix(result, current_);
}

void Execution::spend(unsigned& allowance) {
    if (allowance != Bounds::unlimited) --allowance;
}

void Execution::learn(std::uint64_t what) {
    self().history = mix(self().history, what);
}

void Execution::note(const char* what, Location location, std::uint64_t value) {
    steps_.push_back({current_, what, location, value});
}

std::string Execution::trace() const {
    std::ostringstream out;
    for (const Step& step : steps_) {
        out << tasks_[step.task].name << ' ' << step.what;
        if (step.location != no_location) {
            out << ' ' << step.location;
            for (const auto& [address, location] : workspace_.addresses)
                if (location == step.location)
                    out << " (+" << address - workspace_.addresses.begin()->first << ')';
            out << ": " << step.value;
        }
        out << '\n';
    }
    return out.str();
}

}  // namespace model
