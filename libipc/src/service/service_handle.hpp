// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "wire/messages.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ipc::detail {

// An opened service. Everything made from it keeps it: the service lives as long as somebody has it open, and
// the broker is told when the last one here is gone.
class ServiceHandle {
 public:
    ServiceHandle(std::shared_ptr<control::Session> session, std::string name, wire::ServiceOpened opened)
        : session_{std::move(session)}, name_{std::move(name)}, opened_{std::move(opened)} {}
    ServiceHandle(const ServiceHandle&) = delete;
    ServiceHandle& operator=(const ServiceHandle&) = delete;
    ~ServiceHandle() { session_->tell(wire::CloseService{.service = opened_.service}); }

    const std::shared_ptr<control::Session>& session() const { return session_; }
    const std::string& name() const { return name_; }
    std::uint64_t service_id() const { return opened_.service; }
    const std::string& hash() const { return opened_.hash; }
    bool created() const { return opened_.created; }
    const std::vector<wire::Attribute>& attributes() const { return opened_.attributes; }
    // Of the pattern that it was opened with, which whoever opened it has compared.
    template <class Settings>
    const Settings& settings() const {
        return std::get<Settings>(opened_.settings);
    }

 private:
    std::shared_ptr<control::Session> session_;
    std::string name_;
    wire::ServiceOpened opened_;
};

}  // namespace ipc::detail
