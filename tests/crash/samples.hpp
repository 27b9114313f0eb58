// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/checked.hpp"
#include "crash/survivors.hpp"
#include "crash/travel.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <array>
#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Publishers and subscribers.
namespace crash {

inline constexpr std::uint64_t sample_buffer = 2;
inline constexpr std::uint64_t sample_borrows = 2;
inline constexpr std::uint64_t sample_loans = 2;

// Who is there.
struct SampleCast {
    std::uint64_t publishers = 2;  // with the mortal ones: as many as the service has room for
    std::uint64_t subscribers = 2;
    bool subscribes = true;  // one of the survivors
    std::uint64_t history = 0;
    bool overflow = true;
    bool sleeps = false;     // the subscriber, whenever it found nothing
    bool newcomers = false;  // come and go, when somebody waits for them
    bool grows = false;      // the publisher, when somebody waits for it, and not before
};

template <class Payload>
class SampleReader {
 public:
    using Type = typename Travel<Payload>::Type;
    explicit SampleReader(ipc::Subscriber<Type> subscriber) : subscriber_{std::move(subscriber)} {}

    // Takes all there is.
    void drain() {
        while (take()) held_.clear();
    }
    // Takes as many as it may hold.
    void fill_up() {
        while (take()) {
        }
    }
    // What was held is still what it was.
    void let_go();
    std::size_t holds() const { return held_.size(); }
    std::uint64_t last(Author author) const { return last_[static_cast<std::size_t>(author)]; }
    void forget(Author author) { last_[static_cast<std::size_t>(author)] = 0; }
    ipc::Subscriber<Type>& port() { return subscriber_; }

 private:
    bool take();

    ipc::Subscriber<Type> subscriber_;
    std::array<std::uint64_t, 3> last_{};  // of each author
    std::map<ipc::UniquePortId, std::uint64_t> last_of_;
    std::vector<ipc::Sample<Type>> held_;
};

template <class Payload>
class SampleSurvivors final : public Survivors {
 public:
    SampleSurvivors(const std::string& socket, const SampleCast& cast);
    ~SampleSurvivors() override { end_of_newcomers(); }

    void greet() override { send(); }
    void relieve() override;
    void go_on_beside() override;
    void look_back(std::uint64_t done) override;
    void take_notice() override {
        (void)publisher_.update_connections().value();
        if (reader_) reader_->drain();
    }
    void go_on_without() override;

 private:
    using Type = typename Travel<Payload>::Type;
    using Service = ipc::PublishSubscribeService<Type>;
    using Publisher = ipc::Publisher<Type>;
    static Service open(const ipc::Node& node, const SampleCast& cast);
    static Publisher publisher(const Service& service);
    static SampleReader<Payload> reader(const Service& service);

    void send(bool grows = false);
    struct Newcomers {
        Publisher publisher;
        SampleReader<Payload> reader;
    };
    Newcomers newcomers();
    void end_of_newcomers();
    void use_up(std::vector<SampleReader<Payload>*>& readers);

    const SampleCast cast_;
    ipc::Node node_;
    ipc::Node hasty_node_;  // does not wait for who does not answer
    Service service_;
    Service hasty_service_;
    Publisher publisher_;
    std::optional<SampleReader<Payload>> reader_;
    std::optional<SampleReader<Payload>> latecomer_;
    std::future<Newcomers> newcomers_;
    std::uint64_t number_ = 0;
    std::uint64_t number_of_successors_ = 0;
};

extern template class SampleSurvivors<Small>;
extern template class SampleSurvivors<Large>;
extern template class SampleSurvivors<Words>;

}  // namespace crash
