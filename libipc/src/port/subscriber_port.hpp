// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "port/sample_port.hpp"

#include <ipc/degradation.hpp>
#include <ipc/untyped/subscriber.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ipc::port {

struct SubscriberSettings {
    std::optional<std::uint64_t> buffer_size;
    std::uint64_t history_request = 0;
    DegradationHandler degradation_handler;
    shm::Residence residence = shm::Residence::when_touched;
};

// The port of a Subscriber.
class SubscriberPort final : public SamplePort {
 public:
    static tl::expected<SubscriberPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, SubscriberSettings settings);

    SubscriberPort(std::shared_ptr<detail::ServiceHandle> service, SubscriberSettings settings,
                   const wire::PortCreated& created);

    const wire::PublishSubscribeSettings& service() const {
        return service_->settings<wire::PublishSubscribeSettings>();
    }

 private:
    tl::expected<void, std::string> take_left(std::uint64_t history_request);
    std::optional<std::string> why_unfit(const wire::ConnectionOffered& offered) const override;
    std::string why_no_place() const override;
    const char* sender_name() const override { return "publisher"; }
    std::uint64_t history_request(const wire::ConnectionOffered& offered) const override;
};

}  // namespace ipc::port
