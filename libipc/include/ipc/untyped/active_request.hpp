// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/request_header.hpp"
#include "ipc/send_error.hpp"
#include "ipc/stream_state.hpp"
#include "ipc/untyped/response_mut.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace ipc::untyped {

// A received request, and the stream of responses to it. Dropping it ends the stream. Its memory stays where
// it is until then. Used by the thread that the server belongs to (any thread, for a server that is
// thread_safe).
class IPC_API ActiveRequest {
 public:
    ActiveRequest(ActiveRequest&& other) noexcept : slot_{std::exchange(other.slot_, nullptr)} {}
    ActiveRequest& operator=(ActiveRequest&& other) noexcept {
        std::swap(slot_, other.slot_);
        return *this;
    }
    ~ActiveRequest() {
        if (slot_ != nullptr) finish(slot_);
    }

    const void* payload() const;
    std::size_t payload_size() const;
    // Null where the service has no user header for requests.
    const void* user_header() const;
    RequestHeader header() const;

    // Memory for one response. Does not block. At most max_loaned_responses_per_request at a time.
    expected<ResponseMut, LoanError> loan();
    // Loans, copies as many bytes as a response has, and sends.
    expected<std::size_t, SendError> send_copy(const void* payload);

    // Whether somebody still waits for responses; if not, why.
    StreamState state() const;
    bool is_connected() const { return state() == StreamState::Open; }
    // Whether the client wishes for the stream to end.
    bool has_disconnect_hint() const;
    // When the stream ends by itself, by the machine's monotonic clock.
    std::optional<std::chrono::steady_clock::time_point> deadline() const;

 private:
    friend class Server;
    explicit ActiveRequest(port::ActiveSlot* slot) : slot_{slot} {}
    static void finish(port::ActiveSlot* slot);

    port::ActiveSlot* slot_;
};

}  // namespace ipc::untyped
