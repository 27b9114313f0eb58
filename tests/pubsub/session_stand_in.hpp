// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/counters.hpp"
#include "service/service_handle.hpp"
#include "shm/memory_file.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pubsub {

// A session without a broker, for tests that are the other end of a connection themselves.
class SessionStandIn final : public ipc::control::Session {
 public:
    explicit SessionStandIn(ipc::wire::PublishSubscribeSettings settings) : settings_{std::move(settings)} {}

    std::vector<std::shared_ptr<ipc::control::PortLink>> links;
    std::vector<ipc::wire::Uuid> cut;
    ipc::shm::MemoryFile data;                               // of the publisher that was created last
    std::vector<ipc::control::Clock::time_point> deadlines;  // of what was asked
    mutable int sleeps = 0;                                  // of ports that wait
    std::function<void()> when_handle_is_asked_for;          // what happens meanwhile, once

    tl::expected<ipc::wire::Numbered<ipc::wire::BrokerMessage>, ipc::control::CallFailure> call(
        const ipc::wire::ClientMessage&, ipc::control::Clock::time_point) override {
        return tl::unexpected{ipc::control::CallFailure{}};
    }
    void tell(const ipc::wire::ClientMessage&) override {}
    tl::expected<ipc::wire::Uuid, ipc::control::CallFailure> create_port(
        const ipc::wire::CreatePort& request, const Build& build,
        ipc::control::Clock::time_point deadline) override {
        deadlines.push_back(deadline);
        ipc::wire::PortCreated created{.port = ipc::wire::Uuid::random(), .record = next_record_++};
        std::optional<ipc::shm::MemoryFile> segment;
        if (const auto* publisher = std::get_if<ipc::wire::PublisherSettings>(&request.settings)) {
            created.data_size = settings_.data(publisher->max_loaned_samples).size;
            data = ipc::shm::MemoryFile::create("data", created.data_size).value();
            segment.emplace(data.descriptor().duplicate());
        } else if (const auto* subscriber = std::get_if<ipc::wire::SubscriberSettings>(&request.settings)) {
            created.buffer_size = subscriber->buffer_size.value_or(settings_.subscriber_max_buffer_size);
        }
        links.push_back(build(created, std::move(segment)).value());
        return created.port;
    }
    void drop_port(ipc::wire::Uuid) override { links.clear(); }
    void report_cut(ipc::wire::Uuid connection, std::string) override { cut.push_back(connection); }
    tl::expected<std::shared_ptr<ipc::control::WakeSet>, ipc::control::CallFailure> request_wake_handle(
        ipc::wire::Uuid, ipc::control::Clock::time_point deadline, ipc::control::Patience) override {
        deadlines.push_back(deadline);
        if (when_handle_is_asked_for) std::exchange(when_handle_is_asked_for, nullptr)();
        return ipc::control::WakeSet::create().value();
    }
    std::atomic<std::uint64_t>* counters(std::uint32_t record) override {
        return counters_.data() + record * ipc::layout::Counters::words_per_record;
    }
    ipc::wire::Uuid node() const override { return {}; }
    const std::string& node_name() const override { return name_; }
    int termination_descriptor() const override { return -1; }
    bool termination_requested() const override { return false; }
    // Asked by whoever is about to sleep.
    int control_descriptor() const override {
        ++sleeps;
        return -1;
    }
    bool membarrier_registered() const override { return false; }
    bool membarrier_available() const override { return false; }
    ipc::control::Clock::time_point deadline() const override { return configured_deadline; }

    static constexpr ipc::control::Clock::time_point configured_deadline{std::chrono::hours{1'000'000}};

 private:
    ipc::wire::PublishSubscribeSettings settings_;
    std::string name_ = "stand-in";
    std::uint32_t next_record_ = 0;
    std::array<std::atomic<std::uint64_t>, 64 * ipc::layout::Counters::words_per_record> counters_{};
};

}  // namespace pubsub
