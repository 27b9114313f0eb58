// SPDX-License-Identifier: Apache-2.0
// A port gets a further data segment.
#include "broker_session.hpp"

#include <utility>

namespace ipc::control {

namespace {

CallFailure out_of_memory(std::string message) {
    return {.kind = CallFailure::Kind::Refused,
            .refusal = wire::Refusal::OutOfMemory,
            .message = std::move(message)};
}

}  // namespace

tl::expected<wire::Uuid, CallFailure> BrokerSession::grow_port(const wire::GrowPort& request,
                                                               const BuildSegment& build,
                                                               Clock::time_point deadline) {
    if (reactor_->is_forked_copy()) return tl::unexpected{forked()};
    // Before anything that comes behind the answer: another broker is presented what is here then.
    tl::expected<void, std::string> built;
    const auto take = [&](wire::Numbered<wire::BrokerMessage>& answer) {
        if (const auto* grown = std::get_if<wire::PortGrown>(&answer.message))
            built = add_segment(request, grown->segment, std::move(answer.descriptors.front()), build);
    };
    auto answer = judge(ask(request, deadline, take));
    if (!answer) return tl::unexpected{std::move(answer.error())};
    const auto* grown = std::get_if<wire::PortGrown>(&answer->message);
    if (grown == nullptr) return tl::unexpected{unexpected_answer("grow_port")};
    if (!built) return tl::unexpected{out_of_memory(std::move(built.error()))};
    if (auto sealed = seal_segment(request.port, grown->segment, deadline); !sealed) {
        reactor_->shrink_port(request.port, grown->segment);
        return tl::unexpected{std::move(sealed.error())};
    }
    return grown->segment;
}

tl::expected<void, std::string> BrokerSession::add_segment(const wire::GrowPort& request, wire::Uuid segment,
                                                           shm::UniqueFd data, const BuildSegment& build) {
    const shm::MemoryFile file{std::move(data)};
    auto built = build(file);
    auto kept = built ? file.descriptor().duplicate() : shm::UniqueFd{};  // as a port's first
    const bool added =
        kept &&
        reactor_->connections().add_segment(
            request.port, {.id = segment, .number = request.number, .size = request.size}, std::move(kept));
    if (added) return {};
    tell(wire::ShrinkPort{.port = request.port, .segment = segment});
    if (!built) return built;
    return tl::unexpected{
        std::string{"this process has no descriptors left for a further data segment; raise "
                    "the limit"}};
}

// The broker answers once everybody who is connected was offered it.
tl::expected<void, CallFailure> BrokerSession::seal_segment(wire::Uuid port, wire::Uuid segment,
                                                            Clock::time_point deadline) {
    const auto take = [&](wire::Numbered<wire::BrokerMessage>& answer) {
        if (const auto* sealed = std::get_if<wire::SegmentSealed>(&answer.message))
            reactor_->expect_taken(segment, reactor_->connections().expect_takers(port, sealed->connections));
    };
    auto answer = judge(ask(wire::SegmentMapped{.port = port, .segment = segment}, deadline, take));
    if (!answer) return tl::unexpected{std::move(answer.error())};
    if (!std::holds_alternative<wire::SegmentSealed>(answer->message))
        return tl::unexpected{unexpected_answer("segment_mapped")};
    // A receiver that is stopped must not stop us: it gets nothing in this segment before it has it.
    const auto late =
        reactor_->wait_until_taken(segment, Clock::now() + settings_.creation_bound, interrupt_descriptor());
    reactor_->connections().waited_in_vain_for(port, late);
    return {};
}

}  // namespace ipc::control
