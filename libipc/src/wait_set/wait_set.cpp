// SPDX-License-Identifier: Apache-2.0
#include "attachment_errors.hpp"
#include "attachment_set.hpp"
#include "error_names.hpp"

#include <ipc/wait_set.hpp>

#include <utility>

namespace ipc {

using wait_set::AttachmentSet;
using Until = AttachmentSet::Until;

std::string_view to_string(WaitSetCreateError error) {
    return wait_set::wait_set_create_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(WaitSetAttachmentError error) {
    return wait_set::wait_set_attachment_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(WaitSetRunError error) {
    return wait_set::wait_set_run_errors[static_cast<std::size_t>(error)];
}
std::string_view to_string(WaitSetRunResult result) {
    return wait_set::wait_set_run_results[static_cast<std::size_t>(result)];
}

void WaitSetGuard::detach() noexcept {
    set_->detach(attachment_);
}

void WaitSetStopHandle::stop() const {
    signal_->ask(wait_set::StopSignal::Asked::stop);
}
void WaitSetStopHandle::wake() const {
    signal_->ask(wait_set::StopSignal::Asked::wake);
}

WaitSetBuilder& WaitSetBuilder::signal_handling_mode(SignalHandlingMode mode) {
    signal_handling_mode_ = mode;
    return *this;
}

expected<WaitSet, Error<WaitSetCreateError>> WaitSetBuilder::create() const {
    auto set = AttachmentSet::create(signal_handling_mode_ == SignalHandlingMode::HandleTerminationRequests);
    if (!set) return unexpected{wait_set::create_error(set.error())};
    return WaitSet{std::move(*set)};
}

WaitSet::Attached WaitSet::attach(std::shared_ptr<port::WaitSource> source,
                                  std::optional<std::chrono::nanoseconds> deadline) {
    return guarded(set_->attach(std::move(source), deadline));
}
WaitSet::Attached WaitSet::attach_notification(int descriptor) {
    return guarded(set_->attach(descriptor, std::nullopt));
}
WaitSet::Attached WaitSet::attach_deadline(int descriptor, std::chrono::nanoseconds deadline) {
    return guarded(set_->attach(descriptor, deadline));
}
WaitSet::Attached WaitSet::attach_interval(std::chrono::nanoseconds interval) {
    return guarded(set_->attach_interval(interval));
}

WaitSet::Attached WaitSet::guarded(expected<std::uint64_t, Error<WaitSetAttachmentError>> attachment) {
    if (!attachment) return unexpected{std::move(attachment.error())};
    return WaitSetGuard{set_, *attachment};
}

expected<WaitSetRunResult, Error<WaitSetRunError>> WaitSet::wait_and_process(const Callback& callback) {
    return set_->run(callback, Until::stopped, wait_set::TimePoint::max());
}

expected<WaitSetRunResult, Error<WaitSetRunError>> WaitSet::wait_and_process_once(const Callback& callback) {
    return set_->run(callback, Until::something_was_handled, wait_set::TimePoint::max());
}

expected<WaitSetRunResult, Error<WaitSetRunError>> WaitSet::wait_and_process_once_with_timeout(
    const Callback& callback, std::chrono::nanoseconds timeout) {
    return set_->run(callback, Until::something_was_handled, port::deadline_in(timeout));
}

int WaitSet::file_descriptor() const {
    return set_->descriptor();
}

WaitSetStopHandle WaitSet::stop_handle() const {
    return WaitSetStopHandle{set_->stop_signal()};
}

std::size_t WaitSet::size() const {
    return set_->size();
}

}  // namespace ipc
