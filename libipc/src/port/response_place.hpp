// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "layout/request_connection.hpp"
#include "port/history_intake.hpp"
#include "port/peer_handle.hpp"
#include "port/response_lane.hpp"
#include "shm/address_range.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ipc::port {

class ClientPort;

// Where a client has the lanes of one server. It lives as long as the port, at one address, and serves one
// connection after another, like a Place. The connection is held by every request that the server was given
// and that is not over, and by every response that is held.
class ResponsePlace {
 public:
    static tl::expected<std::unique_ptr<ResponsePlace>, std::string> create(ClientPort& port);
    ResponsePlace(ClientPort& port, shm::AddressRange range);

    ResponseLane& lane(std::size_t number) { return *lanes_[number]; }
    // A request is given to the server of that connection; false: it is gone.
    bool begin(std::size_t lane, std::uint64_t request, std::uint32_t served);
    std::uint32_t served() const { return served_.load(std::memory_order_acquire); }  // pairs with connect()
    // Given to this server and not over.
    std::size_t requests_under_way() const;
    // Whether the server is there, and did not lie.
    bool is_open() const { return state() == State::Open; }

    // In the words of ring/arming.hpp: for who waits for any response.
    void raise_wake();
    bool has_data() const;
    bool sender_can_wake() const;

    bool is_connected() const {
        const State now = state();
        return now == State::Open || now == State::Draining;
    }
    bool is_free() const { return state() == State::Free; }
    void close();

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer& offer);
    tl::expected<void, std::string> add_segment(const control::FurtherSegment& segment);
    void withdraw_segment(wire::Uuid segment);
    void keep_only_segments(const std::vector<wire::Uuid>& segments);
    void end(wire::RemovalReason reason);
    bool make_free() { return false; }  // what is left belongs to requests, which end by themselves
    void take_sender_handle(shm::UniqueFd handle, const control::Session& session);
    void say_closed() {}  // no request is under way: the server has nothing to send

    wire::Uuid connection() const { return connection_; }
    wire::Uuid server() const { return server_; }
    ClientPort& port() const { return *port_; }

    // The lanes'.
    const std::byte* resolve(const layout::Descriptor& descriptor) const {
        return memory_.resolve(descriptor);
    }
    std::uint64_t bytes_from(const layout::Descriptor& descriptor) const {
        return memory_.bytes_from(descriptor);
    }
    FurtherMemory::Held hold(const layout::Descriptor& descriptor) const { return memory_.hold(descriptor); }
    void let_go_of_segment(std::uint8_t number) const { memory_.further().let_go(number); }
    void wake_sender() const { sender_handle_.wake(); }
    // The server wrote what it cannot have published.
    void cut();
    // A lane's request is over, or its cells are, and no other comes.
    void let_go();

 private:
    enum class State : std::uint8_t { Free, Open, Draining, Closing, Lost };  // as a Place's
    State state() const { return state_.load(std::memory_order_acquire); }
    // What ends the connection goes through all lanes, and the last of them may be over meanwhile.
    bool hold();
    bool begin_close();
    void close_lanes();
    void clear_up();

    std::vector<std::unique_ptr<ResponseLane>> lanes_;
    std::atomic<State> state_{State::Free};
    std::atomic<std::uint32_t> served_{0};  // connections so far
    // What keeps the connection: of each lane the request and the cells, and who is ending it.
    std::atomic<std::size_t> keepers_{0};
    SenderMemory memory_;
    PeerHandle sender_handle_;
    ClientPort* port_;
    wire::Uuid connection_;
    wire::Uuid server_;
    std::mutex ending_;  // of clearing up, against the control thread
    shm::AddressRange range_;
};

}  // namespace ipc::port
