// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/attribute.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/node_error.hpp"
#include "ipc/publish_subscribe_error.hpp"
#include "ipc/schema.hpp"
#include "ipc/service_details.hpp"
#include "ipc/static_config.hpp"
#include "ipc/type_detail.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ipc::control {
class Session;
}
namespace ipc::detail {
struct Opening;
class ServiceHandle;
}  // namespace ipc::detail

namespace ipc::untyped {

class PublisherBuilder;   // ipc/untyped/publisher.hpp
class SubscriberBuilder;  // ipc/untyped/subscriber.hpp

// An opened service. Copies are the same service; the node has it open until the last of them, and of the
// ports made from it, is gone. Thread-safe.
class IPC_API PublishSubscribeService {
 public:
    const std::string& name() const;
    // Names pattern and service together, the same in every process: 64 hexadecimal digits or fewer.
    const std::string& service_hash() const;
    // Whether it was this open_or_create that created it.
    bool was_created() const;
    // What its creator said of it.
    AttributeSet attributes() const;
    PublishSubscribeStaticConfig static_config() const;
    // Asks the broker: blocks until it answers, or the configuration's timeout.
    expected<PublishSubscribeDynamicConfig, Error<ServiceDetailsError>> dynamic_config() const;

    PublisherBuilder publisher_builder() const;
    SubscriberBuilder subscriber_builder() const;

    const std::shared_ptr<detail::ServiceHandle>& handle() const { return handle_; }

 private:
    friend class PublishSubscribeBuilder;
    explicit PublishSubscribeService(std::shared_ptr<detail::ServiceHandle> handle)
        : handle_{std::move(handle)} {}

    std::shared_ptr<detail::ServiceHandle> handle_;
};

// Settings of a service. For one that exists, only what was set is compared: numbers are minima, flags must
// be equal, types must match. What was not set is as in ipc/defaults.hpp if the service is created.
class IPC_API PublishSubscribeBuilder {
 public:
    PublishSubscribeBuilder(std::shared_ptr<control::Session> session, std::string name, TypeDetail payload)
        : session_{std::move(session)}, name_{std::move(name)}, payload_{std::move(payload)} {}

    PublishSubscribeBuilder& user_header(TypeDetail type);
    // Describes the payload; compared with the creator's where both say something.
    PublishSubscribeBuilder& payload_schema(Schema schema);
    // Whether a full subscriber loses its oldest sample, rather than make the publisher wait or drop the new.
    PublishSubscribeBuilder& enable_safe_overflow(bool enabled);
    // Whether samples carry the time at which they were sent.
    PublishSubscribeBuilder& enable_timestamps(bool enabled);
    // Whether subscribers that come later get what a publisher published last, up to the history size, also
    // when that publisher is gone, in good order or not: for as long as the service lives, or until
    // max_publishers others have left something since. Needs a history. What is kept counts towards the
    // quotas of the user that published it.
    PublishSubscribeBuilder& latched(bool enabled);
    // Likewise, but no longer than so long after the publisher went: more than 0. An opener that says only
    // that it is latched takes any time.
    PublishSubscribeBuilder& latched_for(std::chrono::nanoseconds duration);
    // Samples that each publisher keeps for subscribers that come later: 0 to 65536.
    PublishSubscribeBuilder& history_size(std::uint64_t samples);
    // The most that a subscriber may ask for as its buffer, for each publisher: 1 to 32768.
    PublishSubscribeBuilder& subscriber_max_buffer_size(std::uint64_t samples);
    // How many samples of each publisher a subscriber may hold at a time: 1 to 32767.
    PublishSubscribeBuilder& subscriber_max_borrowed_samples(std::uint64_t samples);
    // 1 to 65536 each.
    PublishSubscribeBuilder& max_publishers(std::uint64_t count);
    PublishSubscribeBuilder& max_subscribers(std::uint64_t count);
    PublishSubscribeBuilder& max_nodes(std::uint64_t count);
    // A power of two, at least the payload type's and at most 4096 bytes, also where payloads lie in huge
    // pages. Default: the payload type's.
    PublishSubscribeBuilder& payload_alignment(std::uint64_t bytes);

    // Each asks the broker: blocks until it answers, or the configuration's timeout.
    expected<PublishSubscribeService, Error<PublishSubscribeCreateError>> create() const;
    expected<PublishSubscribeService, Error<PublishSubscribeOpenError>> open() const;
    expected<PublishSubscribeService, Error<PublishSubscribeOpenOrCreateError>> open_or_create() const;
    // Likewise. A service that is created has the attributes that are defined, or required with a value; one
    // that is opened must have what is required (IncompatibleAttributes).
    expected<PublishSubscribeService, Error<PublishSubscribeCreateError>> create_with_attributes(
        const AttributeSpecifier& attributes) const;
    expected<PublishSubscribeService, Error<PublishSubscribeOpenError>> open_with_attributes(
        const AttributeVerifier& required) const;
    expected<PublishSubscribeService, Error<PublishSubscribeOpenOrCreateError>>
    open_or_create_with_attributes(const AttributeVerifier& required) const;

 private:
    template <class Code>
    expected<PublishSubscribeService, Error<Code>> ask(detail::Opening opening) const;

    std::shared_ptr<control::Session> session_;
    std::string name_;
    TypeDetail payload_;
    TypeDetail user_header_;
    std::optional<Schema> payload_schema_;
    std::optional<bool> safe_overflow_;
    std::optional<bool> timestamps_;
    std::optional<bool> latched_;
    std::optional<std::chrono::nanoseconds> latched_for_;
    std::optional<std::uint64_t> history_size_;
    std::optional<std::uint64_t> subscriber_max_buffer_size_;
    std::optional<std::uint64_t> subscriber_max_borrowed_samples_;
    std::optional<std::uint64_t> max_publishers_;
    std::optional<std::uint64_t> max_subscribers_;
    std::optional<std::uint64_t> max_nodes_;
    std::optional<std::uint64_t> payload_alignment_;
};

}  // namespace ipc::untyped
