// SPDX-License-Identifier: Apache-2.0
#include "service/error_names.hpp"
#include "service/opening.hpp"
#include "service/schemas.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/defaults.hpp>
#include <ipc/untyped/publish_subscribe.hpp>

#include <utility>

namespace ipc {

std::string_view to_string(PublishSubscribeCreateError error) {
    return detail::error_name(error);
}
std::string_view to_string(PublishSubscribeOpenError error) {
    return detail::error_name(error);
}
std::string_view to_string(PublishSubscribeOpenOrCreateError error) {
    return detail::error_name(error);
}

namespace untyped {

using Builder = PublishSubscribeBuilder;

Builder& Builder::user_header(TypeDetail type) {
    user_header_ = std::move(type);
    return *this;
}
Builder& Builder::payload_schema(Schema schema) {
    payload_schema_ = std::move(schema);
    return *this;
}
Builder& Builder::enable_safe_overflow(bool enabled) {
    safe_overflow_ = enabled;
    return *this;
}
Builder& Builder::enable_timestamps(bool enabled) {
    timestamps_ = enabled;
    return *this;
}
Builder& Builder::latched(bool enabled) {
    latched_ = enabled;
    latched_for_.reset();
    return *this;
}
Builder& Builder::latched_for(std::chrono::nanoseconds duration) {
    latched_ = true;
    latched_for_ = duration;
    return *this;
}
Builder& Builder::history_size(std::uint64_t samples) {
    history_size_ = samples;
    return *this;
}
Builder& Builder::subscriber_max_buffer_size(std::uint64_t samples) {
    subscriber_max_buffer_size_ = samples;
    return *this;
}
Builder& Builder::subscriber_max_borrowed_samples(std::uint64_t samples) {
    subscriber_max_borrowed_samples_ = samples;
    return *this;
}
Builder& Builder::max_publishers(std::uint64_t count) {
    max_publishers_ = count;
    return *this;
}
Builder& Builder::max_subscribers(std::uint64_t count) {
    max_subscribers_ = count;
    return *this;
}
Builder& Builder::max_nodes(std::uint64_t count) {
    max_nodes_ = count;
    return *this;
}
Builder& Builder::payload_alignment(std::uint64_t bytes) {
    payload_alignment_ = bytes;
    return *this;
}

template <class Code>
expected<PublishSubscribeService, Error<Code>> Builder::ask(detail::Opening opening) const {
    if (auto wrong = detail::why_invalid("payload schema", payload_schema_))
        return unexpected{Error{Code::InvalidSetting, "service \"" + name_ + "\": " + *wrong}};
    std::optional<std::uint64_t> kept_ns;
    if (latched_for_) {
        if (*latched_for_ <= std::chrono::nanoseconds::zero())
            return unexpected{Error{Code::InvalidSetting, "service \"" + name_ + "\" would be latched for " +
                                                              std::to_string(latched_for_->count()) +
                                                              " ns, and more than 0 is allowed"}};
        kept_ns = static_cast<std::uint64_t>(latched_for_->count());
    }
    wire::PublishSubscribeRequest request;
    request.settings = {.payload = detail::to_wire(payload_),
                        .user_header = detail::to_wire(user_header_),
                        .payload_schema = detail::to_wire(payload_schema_),
                        .safe_overflow = safe_overflow_.value_or(defaults::enable_safe_overflow),
                        .timestamps = timestamps_.value_or(defaults::enable_timestamps),
                        .latched = latched_.value_or(defaults::latched),
                        .kept_ns = kept_ns,
                        .history_size = history_size_.value_or(defaults::history_size),
                        .subscriber_max_buffer_size =
                            subscriber_max_buffer_size_.value_or(defaults::subscriber_max_buffer_size),
                        .subscriber_max_borrowed_samples = subscriber_max_borrowed_samples_.value_or(
                            defaults::subscriber_max_borrowed_samples),
                        .max_publishers = max_publishers_.value_or(defaults::max_publishers),
                        .max_subscribers = max_subscribers_.value_or(defaults::max_subscribers),
                        .max_nodes = max_nodes_.value_or(defaults::max_nodes),
                        .payload_alignment = payload_alignment_.value_or(payload_.alignment)};
    request.requirements = {.safe_overflow = safe_overflow_,
                            .timestamps = timestamps_,
                            .latched = latched_,
                            .kept_ns = {},
                            .history_size = history_size_,
                            .subscriber_max_buffer_size = subscriber_max_buffer_size_,
                            .subscriber_max_borrowed_samples = subscriber_max_borrowed_samples_,
                            .max_publishers = max_publishers_,
                            .max_subscribers = max_subscribers_,
                            .max_nodes = max_nodes_,
                            .payload_alignment = payload_alignment_};
    if (kept_ns) request.requirements.kept_ns = kept_ns;
    auto handle = detail::open_service<Code>(session_, name_, opening, std::move(request));
    if (!handle) return unexpected{std::move(handle.error())};
    return PublishSubscribeService{std::move(*handle)};
}

expected<PublishSubscribeService, Error<PublishSubscribeCreateError>> Builder::create() const {
    return ask<PublishSubscribeCreateError>({.mode = wire::OpenMode::Create, .attributes = {}});
}

expected<PublishSubscribeService, Error<PublishSubscribeOpenError>> Builder::open() const {
    return ask<PublishSubscribeOpenError>({.mode = wire::OpenMode::Open, .attributes = {}});
}

expected<PublishSubscribeService, Error<PublishSubscribeOpenOrCreateError>> Builder::open_or_create() const {
    return ask<PublishSubscribeOpenOrCreateError>({.mode = wire::OpenMode::OpenOrCreate, .attributes = {}});
}

expected<PublishSubscribeService, Error<PublishSubscribeCreateError>> Builder::create_with_attributes(
    const AttributeSpecifier& attributes) const {
    return ask<PublishSubscribeCreateError>(
        {.mode = wire::OpenMode::Create, .attributes = detail::to_wire(attributes)});
}

expected<PublishSubscribeService, Error<PublishSubscribeOpenError>> Builder::open_with_attributes(
    const AttributeVerifier& required) const {
    return ask<PublishSubscribeOpenError>(
        {.mode = wire::OpenMode::Open, .attributes = detail::to_wire(required)});
}

expected<PublishSubscribeService, Error<PublishSubscribeOpenOrCreateError>>
Builder::open_or_create_with_attributes(const AttributeVerifier& required) const {
    return ask<PublishSubscribeOpenOrCreateError>(
        {.mode = wire::OpenMode::OpenOrCreate, .attributes = detail::to_wire(required)});
}

}  // namespace untyped

}  // namespace ipc
