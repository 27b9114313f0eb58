// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/unique_id.hpp"

#include <cstdint>

namespace ipc {

// What is known about a received request besides its content.
class RequestHeader {
 public:
    RequestHeader(UniquePortId client, std::uint64_t number, std::uint64_t elements)
        : client_{client}, number_{number}, elements_{elements} {}

    UniquePortId client_id() const { return client_; }
    // Counts what this client sent, from 1.
    std::uint64_t request_number() const { return number_; }
    // Of a slice; else 1.
    std::uint64_t number_of_elements() const { return elements_; }

 private:
    UniquePortId client_;
    std::uint64_t number_;
    std::uint64_t elements_;
};

// What is known about a received response besides its content.
class ResponseHeader {
 public:
    ResponseHeader(UniquePortId server, std::uint64_t request, std::uint64_t elements)
        : server_{server}, request_{request}, elements_{elements} {}

    UniquePortId server_id() const { return server_; }
    // Which of the client's requests it answers; see RequestHeader::request_number().
    std::uint64_t request_number() const { return request_; }
    // Of a slice; else 1.
    std::uint64_t number_of_elements() const { return elements_; }

 private:
    UniquePortId server_;
    std::uint64_t request_;
    std::uint64_t elements_;
};

}  // namespace ipc
