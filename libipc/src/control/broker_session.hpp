// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/broker_connection.hpp"
#include "control/reactor.hpp"
#include "control/session.hpp"
#include "control/session_settings.hpp"
#include "control/termination.hpp"
#include "shm/mapping.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ipc::control {

class BrokerSession final : public Session {
 public:
    // `broker`: its socket is the reactor's already.
    BrokerSession(const SessionSettings& settings, BrokerConnection broker, std::shared_ptr<Reactor> reactor,
                  std::shared_ptr<Termination> termination, ConnectionTable::Membarrier membarrier);
    ~BrokerSession() override;

    // The first thing said; after it the session is whole.
    tl::expected<void, CallFailure> introduce(Clock::time_point deadline);

    tl::expected<wire::Numbered<wire::BrokerMessage>, CallFailure> call(const wire::ClientMessage& message,
                                                                        Clock::time_point deadline) override;
    void tell(const wire::ClientMessage& message) override;
    tl::expected<wire::Uuid, CallFailure> create_port(const wire::CreatePort& request, const Build& build,
                                                      Clock::time_point deadline) override;
    void drop_port(wire::Uuid port) override { reactor_->drop_port(port); }
    tl::expected<wire::Uuid, CallFailure> grow_port(const wire::GrowPort& request, const BuildSegment& build,
                                                    Clock::time_point deadline) override;
    void shrink_port(wire::Uuid port, wire::Uuid segment) override { reactor_->shrink_port(port, segment); }
    void report_cut(wire::Uuid connection, std::string detail) override;
    tl::expected<std::shared_ptr<WakeSet>, CallFailure> request_wake_handle(wire::Uuid port,
                                                                            Clock::time_point deadline,
                                                                            Patience patience) override;

    std::atomic<std::uint64_t>* counters(std::uint32_t record) override;
    std::optional<std::vector<KeptHistory>> kept_histories(const std::string& service) const override;
    wire::Uuid node() const override { return node_; }
    const std::string& node_name() const override { return settings_.node_name; }
    int termination_descriptor() const override;
    bool termination_requested() const override;
    bool membarrier_registered() const override { return membarrier_.registered; }
    bool membarrier_available() const override { return membarrier_.available; }
    Clock::time_point deadline() const override { return Clock::now() + settings_.timeout; }
    int control_descriptor() const override;
    void process() override { reactor_->process(); }

 private:
    tl::expected<void, CallFailure> map_counters(shm::UniqueFd descriptor);
    tl::expected<void, std::string> add_port(const wire::PortCreated& created,
                                             std::vector<shm::UniqueFd> descriptors, const Build& build);
    tl::expected<void, std::string> add_segment(const wire::GrowPort& request, wire::Uuid segment,
                                                shm::UniqueFd data, const BuildSegment& build);
    tl::expected<void, CallFailure> seal_segment(wire::Uuid port, wire::Uuid segment,
                                                 Clock::time_point deadline);
    wire::Hello hello() const;
    void remember_way_back(shm::UniqueFd counters, shm::UniqueFd record);
    Reactor::Asked ask(const wire::ClientMessage& message, Clock::time_point deadline,
                       const Reactor::Taking& take) const;
    int interrupt_descriptor() const;
    tl::expected<wire::Numbered<wire::BrokerMessage>, CallFailure> judge(Reactor::Asked asked) const;
    static CallFailure forked();
    CallFailure no_broker(const std::string& reason) const;
    CallFailure unexpected_answer(std::string_view to) const;

    SessionSettings settings_;
    BrokerConnection broker_;  // what is embedded outlives the reactor: the broker hears the goodbye
    std::shared_ptr<Reactor> reactor_;
    std::shared_ptr<Termination> termination_;
    ConnectionTable::Membarrier membarrier_;
    wire::Uuid node_;
    shm::Mapping counters_;
};

}  // namespace ipc::control
