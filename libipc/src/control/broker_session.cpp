// SPDX-License-Identifier: Apache-2.0
#include "broker_session.hpp"

#include "control/autostart.hpp"
#include "layout/counters.hpp"
#include "shm/membarrier.hpp"

#include <ipc/version.hpp>

#include <array>
#include <utility>

namespace ipc::control {

using Kind = CallFailure::Kind;

tl::expected<std::shared_ptr<Session>, CallFailure> Session::open(const SessionSettings& settings) {
    const auto deadline = Clock::now() + settings.timeout;
    const auto failed = [](Kind kind, std::string message) {
        return tl::unexpected{CallFailure{.kind = kind, .message = std::move(message)}};
    };

    ConnectionTable::Membarrier membarrier;
    if (settings.membarrier && !settings.observer) {
        // Before the control thread starts: registering takes milliseconds once a process has threads.
        membarrier.registered = shm::register_for_membarrier();
        membarrier.available = shm::membarrier_is_available();
    }
    std::shared_ptr<Termination> termination;
    if (settings.handle_termination) {
        auto handling = Termination::handle();
        if (!handling)
            return failed(Kind::Refused,
                          "termination requests cannot be handled: " + handling.error().message());
        termination = std::move(*handling);
    }
    auto connection = connect_to_broker(settings.broker, deadline);
    if (!connection) return tl::unexpected{std::move(connection.error())};
    auto reactor = Reactor::create(std::move(connection->socket), membarrier);
    if (!reactor) return failed(Kind::Refused, "the node cannot be made: " + reactor.error());

    auto session = std::make_shared<BrokerSession>(settings, std::move(*connection), std::move(*reactor),
                                                   std::move(termination), membarrier);
    if (auto introduced = session->introduce(deadline); !introduced)
        return tl::unexpected{std::move(introduced.error())};
    return session;
}

BrokerSession::BrokerSession(const SessionSettings& settings, BrokerConnection broker,
                             std::shared_ptr<Reactor> reactor, std::shared_ptr<Termination> termination,
                             ConnectionTable::Membarrier membarrier)
    : settings_{settings},
      broker_{std::move(broker)},
      reactor_{std::move(reactor)},
      termination_{std::move(termination)},
      membarrier_{membarrier} {}

BrokerSession::~BrokerSession() {
    reactor_->stop();
    if (!reactor_->is_forked_copy()) return;
    // An embedded broker's thread stayed in the parent: a child that joined it would wait for ever. And what
    // another thread was changing at the fork cannot even be destroyed.
    (void)new std::shared_ptr<void>{std::move(broker_.embedded)};
    (void)new std::shared_ptr<Reactor>{std::move(reactor_)};
}

wire::Hello BrokerSession::hello() const {
    wire::Hello hello;
    hello.library_version = version();
    hello.node_name = settings_.node_name;
    hello.observer = settings_.observer;
    hello.membarrier_registered = membarrier_.registered;
    hello.membarrier_available = membarrier_.available;
    return hello;
}

tl::expected<void, CallFailure> BrokerSession::introduce(Clock::time_point deadline) {
    auto answer = call(hello(), deadline);
    if (!answer) return tl::unexpected{std::move(answer.error())};
    const auto* welcome = std::get_if<wire::Welcome>(&answer->message);
    if (welcome == nullptr) return tl::unexpected{unexpected_answer("hello")};
    node_ = welcome->node;
    broker_.name += " (pid " + std::to_string(welcome->broker_pid) + ")";
    if (!settings_.observer) {
        if (answer->descriptors.empty()) return tl::unexpected{unexpected_answer("hello")};
        auto counters = answer->descriptors.front().duplicate();
        if (auto mapped = map_counters(std::move(answer->descriptors.front())); !mapped) return mapped;
        tell(wire::CountersMapped{});
        if (answer->descriptors.size() == 2)
            remember_way_back(std::move(counters), std::move(answer->descriptors.back()));
    }
    if (!settings_.control_thread) {
        reactor_->drive_from_outside();
    } else if (auto started = reactor_->start_thread(); !started) {
        return tl::unexpected{CallFailure{.kind = Kind::Refused,
                                          .refusal = wire::Refusal::OutOfMemory,
                                          .message = "the node cannot be made: " + started.error()}};
    }
    return {};
}

// The broker of this process does not come back without it.
void BrokerSession::remember_way_back(shm::UniqueFd counters, shm::UniqueFd record) {
    if (broker_.path.empty()) return;
    auto greeting = hello();
    greeting.features.emplace_back(wire::readopts_feature);
    reactor_->set_way_back({.socket = broker_.path,
                            .hello = std::move(greeting),
                            .counters = std::move(counters),
                            .record = std::move(record)});
}

// Where nobody else starts a broker that is gone, who asks for something does. If that fails, he waits in
// vain, and is told why there is none.
Reactor::Asked BrokerSession::ask(const wire::ClientMessage& message, Clock::time_point deadline,
                                  const Reactor::Taking& take) const {
    if (broker_.starts) {
        auto asked =
            reactor_->ask(message, deadline, interrupt_descriptor(), take, Patience::while_there_is_a_broker);
        if (asked.answer || asked.waited != Reactor::Waited::Done) return asked;
        if (reactor_->gone_reason()) (void)start_user_broker(settings_.broker, broker_.path, deadline);
    }
    return reactor_->ask(message, deadline, interrupt_descriptor(), take);
}

tl::expected<void, CallFailure> BrokerSession::map_counters(shm::UniqueFd descriptor) {
    auto mapping = shm::Mapping::map(shm::MemoryFile{std::move(descriptor)}, layout::Counters::size,
                                     shm::Access::ReadWrite);
    if (!mapping)
        return tl::unexpected{
            CallFailure{.kind = Kind::Refused,
                        .refusal = wire::Refusal::OutOfMemory,
                        .message = "the node's counters cannot be mapped: " + mapping.error().message()}};
    counters_ = std::move(*mapping);
    return {};
}

CallFailure BrokerSession::forked() {
    return {.kind = Kind::ForkedProcess,
            .message = "this node belongs to the process that forked this one; create a node here"};
}

tl::expected<wire::Numbered<wire::BrokerMessage>, CallFailure> BrokerSession::call(
    const wire::ClientMessage& message, Clock::time_point deadline) {
    if (reactor_->is_forked_copy()) return tl::unexpected{forked()};
    Reactor::Taking take;
    // A service is known by its key, which another broker's numbers do not change.
    if (std::holds_alternative<wire::OpenService>(message))
        take = [this](wire::Numbered<wire::BrokerMessage>& answer) {
            if (auto* opened = std::get_if<wire::ServiceOpened>(&answer.message))
                opened->service = reactor_->services().add(opened->service);
        };
    return judge(ask(message, deadline, take));
}

void BrokerSession::tell(const wire::ClientMessage& message) {
    if (const auto* close = std::get_if<wire::CloseService>(&message))
        reactor_->close_service(close->service);
    else
        reactor_->tell(message);
}

tl::expected<wire::Numbered<wire::BrokerMessage>, CallFailure> BrokerSession::judge(
    Reactor::Asked asked) const {
    const auto failed = [](Kind kind, std::string text) {
        return tl::unexpected{CallFailure{.kind = kind, .message = std::move(text)}};
    };
    if (!asked.answer) {
        const auto gone = reactor_->gone_reason();
        if (asked.waited == Reactor::Waited::Interrupted)
            return failed(Kind::Interrupted,
                          "the process was asked to terminate while it waited for " + broker_.name);
        if (asked.waited == Reactor::Waited::Timeout && !gone)
            return failed(Kind::Timeout, broker_.name +
                                             " did not answer in time; see whether it is stopped "
                                             "or overloaded, or allow more time in the configuration");
        return tl::unexpected{no_broker(gone.value_or("it is gone"))};
    }
    if (auto* refused = std::get_if<wire::Refused>(&asked.answer->message))
        return tl::unexpected{CallFailure{
            .kind = Kind::Refused, .refusal = refused->code, .message = std::move(refused->message)}};
    return std::move(*asked.answer);
}

CallFailure BrokerSession::no_broker(const std::string& reason) const {
    return {.kind = Kind::NoBroker,
            .message = broker_.name + " is gone: " + reason +
                       ". What is connected goes on; for anything new, start the broker: this node finds it"};
}

CallFailure BrokerSession::unexpected_answer(std::string_view to) const {
    return {.kind = Kind::Refused,
            .refusal = wire::Refusal::InternalFailure,
            .message = broker_.name + " gave an answer to \"" + std::string{to} +
                       "\" that this library (version " + version() + ") does not understand"};
}

tl::expected<wire::Uuid, CallFailure> BrokerSession::create_port(const wire::CreatePort& request,
                                                                 const Build& build,
                                                                 Clock::time_point deadline) {
    if (reactor_->is_forked_copy()) return tl::unexpected{forked()};
    tl::expected<void, std::string> built;
    // Behind the answer come the port's connections, which it has to be there for.
    const auto take = [&](wire::Numbered<wire::BrokerMessage>& answer) {
        if (const auto* created = std::get_if<wire::PortCreated>(&answer.message))
            built = add_port(*created, std::move(answer.descriptors), build);
    };
    auto answer = judge(ask(request, deadline, take));
    if (!answer) return tl::unexpected{std::move(answer.error())};
    const auto* created = std::get_if<wire::PortCreated>(&answer->message);
    if (created == nullptr) return tl::unexpected{unexpected_answer("create_port")};
    if (!built)
        return tl::unexpected{CallFailure{.kind = Kind::Refused,
                                          .refusal = wire::Refusal::OutOfMemory,
                                          .message = std::move(built.error())}};
    // A counterpart that is stopped must not stop us: its half is connected when it goes on.
    (void)reactor_->wait_until_ready(created->connections, Clock::now() + settings_.creation_bound,
                                     interrupt_descriptor());
    return created->port;
}

tl::expected<void, std::string> BrokerSession::add_port(const wire::PortCreated& created,
                                                        std::vector<shm::UniqueFd> descriptors,
                                                        const Build& build) {
    std::optional<shm::MemoryFile> data_segment;
    shm::UniqueFd kept;  // to be presented to another broker
    if (!descriptors.empty()) {
        kept = descriptors.front().duplicate();
        data_segment.emplace(std::move(descriptors.front()));
    }
    auto link = build(created, std::move(data_segment));
    if (!link) {
        tell(wire::DropPort{.port = created.port});
        return tl::unexpected{std::move(link.error())};
    }
    reactor_->connections().add_port(created.port, *link, std::move(kept));
    reactor_->expect_ready(created.connections);
    if (created.data_size != 0) tell(wire::DataMapped{.port = created.port});
    return {};
}

void BrokerSession::report_cut(wire::Uuid connection, std::string detail) {
    reactor_->report_cut(connection, std::move(detail));
}

tl::expected<std::shared_ptr<WakeSet>, CallFailure> BrokerSession::request_wake_handle(
    wire::Uuid port, Clock::time_point deadline, Patience patience) {
    if (reactor_->is_forked_copy()) return tl::unexpected{forked()};
    // Before it is asked for: the lines come before the answer.
    auto set = reactor_->wake_set(port);
    if (!set)
        return tl::unexpected{CallFailure{.kind = CallFailure::Kind::Refused,
                                          .refusal = wire::Refusal::OutOfMemory,
                                          .message = set.error().message()}};
    auto answer = judge(reactor_->ask_for_wake_handle(port, deadline, interrupt_descriptor(), patience));
    if (!answer) return tl::unexpected{std::move(answer.error())};
    if (!std::holds_alternative<wire::WakeHandle>(answer->message))
        return tl::unexpected{unexpected_answer("request_wake_handle")};
    return *set;
}

std::atomic<std::uint64_t>* BrokerSession::counters(std::uint32_t record) {
    static_assert(sizeof(std::atomic<std::uint64_t>) == sizeof(std::uint64_t));
    return reinterpret_cast<std::atomic<std::uint64_t>*>(counters_.data()) +
           record % layout::Counters::record_count * layout::Counters::words_per_record;
}

std::optional<std::vector<KeptHistory>> BrokerSession::kept_histories(const std::string& service) const {
    return reactor_->kept_histories().of(service);
}

int BrokerSession::termination_descriptor() const {
    return termination_ ? termination_->descriptor() : -1;
}

bool BrokerSession::termination_requested() const {
    return termination_ && termination_->requested();
}

// A process that is ending already may still ask: only a request that comes while it waits ends the wait.
int BrokerSession::interrupt_descriptor() const {
    return termination_requested() ? -1 : termination_descriptor();
}

int BrokerSession::control_descriptor() const {
    return settings_.control_thread ? -1 : reactor_->descriptor();
}

}  // namespace ipc::control
