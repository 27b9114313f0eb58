// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "control/session_settings.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

// A port that only writes down what its session tells it: the control plane by itself, without a ring.
class RecordingPort : public ipc::control::PortLink {
 public:
    tl::expected<void, std::string> connect(ipc::control::Offer offer) override {
        const std::lock_guard lock{mutex_};
        if (refusal_) return tl::unexpected{*refusal_};
        offers_.push_back(std::move(offer));
        changed_.notify_all();
        return {};
    }
    void disconnect(ipc::wire::Uuid, ipc::wire::RemovalReason reason) override {
        const std::lock_guard lock{mutex_};
        removals_.push_back(reason);
        changed_.notify_all();
    }
    void wake_offered(ipc::wire::Uuid, ipc::shm::UniqueFd handle) override {
        const std::lock_guard lock{mutex_};
        handles_.push_back(std::move(handle));
        changed_.notify_all();
    }

    // From now on no half can be used.
    void refuse(std::string reason) {
        const std::lock_guard lock{mutex_};
        refusal_ = std::move(reason);
    }

    std::size_t connections() {
        const std::lock_guard lock{mutex_};
        return offers_.size();
    }
    std::vector<ipc::wire::RemovalReason> removals() {
        const std::lock_guard lock{mutex_};
        return removals_;
    }
    // Waits until so many halves came, or went.
    bool has_connections(std::size_t count) {
        return eventually([&] { return offers_.size() >= count; });
    }
    bool has_removals(std::size_t count) {
        return eventually([&] { return removals_.size() >= count; });
    }
    bool has_handles(std::size_t count) {
        return eventually([&] { return handles_.size() >= count; });
    }
    const ipc::control::Offer& offer(std::size_t index) { return offers_.at(index); }
    int handle(std::size_t index) { return handles_.at(index).get(); }

 private:
    template <class Predicate>
    bool eventually(Predicate holds) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::minutes{1}, holds);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<ipc::control::Offer> offers_;
    std::vector<ipc::wire::RemovalReason> removals_;
    std::vector<ipc::shm::UniqueFd> handles_;
    std::optional<std::string> refusal_;
};

// A session on that socket (the embedded broker if there is none), with no signals handled.
inline ipc::control::SessionSettings quiet_settings(const std::string& socket) {
    ipc::control::SessionSettings settings;
    settings.broker.socket = socket;
    settings.broker.local = socket.empty();
    settings.node_name = "tested";
    settings.handle_termination = false;
    return settings;
}

inline ipc::control::Clock::time_point soon() {
    return ipc::control::Clock::now() + std::chrono::minutes{1};
}

// Opens (or creates) a service of 8-byte payloads.
inline std::uint64_t open_service(ipc::control::Session& session, const std::string& name) {
    ipc::wire::PublishSubscribeRequest request;
    request.settings =
        ipc::wire::PublishSubscribeSettings{.payload = {.name = "u64", .size = 8, .alignment = 8},
                                            .user_header = {},
                                            .subscriber_max_buffer_size = 2,
                                            .subscriber_max_borrowed_samples = 2,
                                            .max_publishers = 8,
                                            .max_subscribers = 8,
                                            .max_nodes = 20,
                                            .payload_alignment = 8};
    auto answer = session.call(ipc::wire::OpenService{.name = name, .request = request}, soon());
    if (!answer) throw std::runtime_error{answer.error().message};
    return std::get<ipc::wire::ServiceOpened>(answer->message).service;
}

inline ipc::wire::CreatePort port_request(std::uint64_t service, ipc::wire::PortKind kind) {
    ipc::wire::CreatePort request{.service = service};
    if (kind == ipc::wire::PortKind::Publisher)
        request.settings = ipc::wire::PublisherSettings{.max_loaned_samples = 1};
    else
        request.settings = ipc::wire::SubscriberSettings{};
    return request;
}

inline tl::expected<ipc::wire::Uuid, ipc::control::CallFailure> create_port(
    ipc::control::Session& session, std::uint64_t service, ipc::wire::PortKind kind,
    const std::shared_ptr<RecordingPort>& port, ipc::control::Clock::time_point deadline = soon()) {
    return session.create_port(
        port_request(service, kind),
        [&](const ipc::wire::PortCreated&, std::optional<ipc::shm::MemoryFile>)
            -> tl::expected<std::shared_ptr<ipc::control::PortLink>, std::string> { return port; },
        deadline);
}
