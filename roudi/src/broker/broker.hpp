// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/client.hpp"
#include "broker/incidents.hpp"
#include "broker/offer.hpp"
#include "config/settings.hpp"
#include "registry/registry.hpp"
#include "roudi/log.hpp"
#include "rules/permissions.hpp"
#include "rules/rejection.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

#include <tl/expected.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace roudi {

// Answers clients' messages and tells those concerned. Knows nothing of sockets and event loops.
class Broker {
 public:
    // Answers questions about the broker's state. Set by whoever also knows about the process around it.
    using Inquiry = std::function<Granted<wire::Answer>(const wire::Query&, const Identity& who)>;

    Broker(const Settings& settings, Log& log)
        : ledger_{settings.quotas}, permissions_{settings.policy}, log_{log} {}

    // A violation ends the client's session; nothing of the message was done then.
    tl::expected<void, wire::Violation> handle(Client& client, wire::Numbered<wire::ClientMessage> message);
    // The session is over, for whatever reason: takes back all that was its.
    void forget(Client& client);

    void set_inquiry(Inquiry inquiry) { inquiry_ = std::move(inquiry); }

    // When drop_outlived() has something to do; the last time that was given counts. Set by whoever has a
    // clock that rings.
    using TimePoint = Endings::TimePoint;
    using Alarm = std::function<void(TimePoint)>;
    void set_alarm(Alarm alarm) { alarm_ = std::move(alarm); }
    // Of what publishers of latched services left: what has been kept for as long as its service says.
    void drop_outlived(TimePoint now);

    const Registry& registry() const { return registry_; }
    Ledger& ledger() { return ledger_; }
    const Ledger& ledger() const { return ledger_; }
    Permissions& permissions() { return permissions_; }
    Incidents& incidents() { return incidents_; }
    const Incidents& incidents() const { return incidents_; }

 private:
    using Outcome = tl::expected<void, wire::Violation>;
    // A request in hand.
    struct Call {
        Client& client;
        std::uint64_t request;
        std::vector<shm::UniqueFd>& brought;  // with the message

        Outcome answer(const wire::BrokerMessage& message, std::vector<shm::UniqueFd> descriptors = {}) const;
        Outcome refuse(const Rejection& rejection) const;
    };

    Outcome on(Call call, const wire::Hello& message);
    Outcome on(Call call, const wire::CountersMapped& message);
    Outcome on(Call call, const wire::OpenService& message);
    Outcome on(Call call, const wire::CloseService& message);
    Outcome on(Call call, const wire::CreatePort& message);
    Outcome on(Call call, const wire::DataMapped& message);
    Outcome on(Call call, const wire::DropPort& message);
    Outcome on(Call call, const wire::ConnectionMapped& message);
    Outcome on(Call call, const wire::ConnectionCut& message);
    Outcome on(Call call, const wire::RequestWakeHandle& message);
    Outcome on(Call call, const wire::Query& message);
    Outcome on(Call call, const wire::Goodbye& message);
    Outcome on(Call call, const wire::Readopt& message);
    Outcome on(Call call, const wire::ReadoptService& message);
    Outcome on(Call call, const wire::ReadoptPort& message);
    Outcome on(Call call, const wire::ReadoptConnections& message);
    Outcome on(Call call, const wire::ReadoptConnection& message);
    Outcome on(Call call, const wire::ReadoptHistory& message);
    Outcome on(Call call, const wire::ReadoptDone& message);
    Outcome on(Call call, const wire::PeerGone& message);
    Outcome on(Call call, const wire::GrowPort& message);
    Outcome on(Call call, const wire::SegmentMapped& message);
    Outcome on(Call call, const wire::ShrinkPort& message);
    Outcome on(Call call, const wire::SegmentTaken& message);
    Outcome on(Call call, const wire::ReadoptSegment& message);
    Outcome on(Call call, const wire::ReadoptHistorySegment& message);

    Granted<Node*> add_node(Client& client, const wire::Hello& hello);
    Granted<Service*> create_service(Node& node, const wire::OpenService& request);
    Granted<Port*> create_port(Node& node, Service& service, const wire::CreatePort& request);
    // All connections that the port would have now, and has not; none of them is made yet. Those with ports
    // of nodes that are not through with their claims are promised to a new port.
    using Connections = std::vector<std::unique_ptr<Connection>>;
    Granted<Connections> prepare_connections(Port& port);
    void commit(std::unique_ptr<Connection> prepared);
    // Tells the other half; and both, if there is no first.
    void remove_connection(Connection& connection, const Port* leaving, wire::RemovalReason reason);
    // The broker lacks what the connection needs.
    void end_for(const std::string& shortage, Connection& connection);
    void remove_port(Port& port, wire::RemovalReason reason);

    // Sends what the halves of a connection wait for; a connection for which that is impossible ends.
    void send_offers(Connection& connection);
    Granted<void> grow(Port& port, const wire::GrowPort& request);
    // Each further segment of its sender, as if it were new. False: there are no descriptors for them, and
    // the connection ended.
    bool offer_again(Connection& connection, Connection::Half& half);

    // What publishers of latched services leave.
    bool may_keep(const Node& node, const Service& service) const;
    void keep_history(Port& port);
    KeptHistory& add_kept(Service& service, KeptHistory added, const Node* has_it);
    static void drop_kept(Service& service, std::deque<KeptHistory>::iterator kept);
    void ring_for_the_next();
    static Granted<std::vector<shm::UniqueFd>> to_read(const KeptHistory& kept);
    void give_kept(Node& node, const Service& service, const KeptHistory& kept);
    void give_all_kept(Node& node, const Service& service);
    static std::vector<wire::Uuid> kept_in(const Service& service);
    static void drop_kept_after_leaving(const Node& node, std::uint64_t service,
                                        const std::vector<wire::Uuid>& kept);

    // Writes into the node's record what it is going to be told.
    Granted<void> note(Node& node, const RecordedEntry& entry);
    Granted<void> renew_record(Node& node, const std::string& more);
    std::string record_text(const Node& node) const;

    // Of a node that comes back.
    Granted<Service*> readopt_service(Node& node, const RecordedService& recorded);
    Granted<Port*> readopt_port(Node& node, Service& service, const RecordedPort& recorded);
    Outcome give_files(Port& port, const wire::ReadoptPort& claim, std::vector<shm::UniqueFd>& descriptors);
    Outcome claim(Client& client, const wire::HalfOfConnection& half, shm::UniqueFd segment);
    Outcome pair(std::unique_ptr<WaitingHalf> first, std::unique_ptr<WaitingHalf> second);
    void settle(WaitingHalf& half);
    Granted<void> hand_over(WaitingHalf& half, Port& to);
    // Tells its node that the half is over.
    void drop(const WaitingHalf& half, wire::RemovalReason reason);
    void drop_waiting_for(const Node& node, wire::RemovalReason reason);
    void connect_missing(Node& node);
    // Whoever waits for a connection with this port does not wait any longer.
    void break_promises(const Port& port);
    void not_readopted(Client& client, wire::NotReadopted claim, const Rejection& rejection,
                       const std::string& what);

    Endings endings_;  // of what is in the registry
    Registry registry_;
    Ledger ledger_;
    Permissions permissions_;
    Incidents incidents_;
    Inquiry inquiry_;
    Alarm alarm_ = [](TimePoint) {};
    Log& log_;
};

}  // namespace roudi
