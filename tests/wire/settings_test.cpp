// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "layout/limits.hpp"
#include "wire/publish_subscribe.hpp"
#include "wire/request_response.hpp"

#include <algorithm>

using namespace ipc::wire;
namespace layout = ipc::layout;

namespace {

constexpr std::uint64_t greatest = ~std::uint64_t{0};

PublishSubscribeSettings service() {
    PublishSubscribeSettings settings;
    settings.payload = {.name = "u64", .size = 8, .alignment = 8};
    settings.payload_alignment = 8;
    settings.subscriber_max_buffer_size = 2;
    settings.subscriber_max_borrowed_samples = 2;
    settings.max_subscribers = 8;
    return settings;
}

RequestResponseSettings requests() {
    RequestResponseSettings settings;
    settings.request = settings.response = {.name = "u64", .size = 8, .alignment = 8};
    settings.request_alignment = settings.response_alignment = 8;
    settings.max_active_requests_per_client = 4;
    settings.max_loaned_requests = 2;
    settings.max_response_buffer_size = 3;
    settings.max_borrowed_responses_per_pending_response = 5;
    settings.max_clients = 8;
    settings.max_servers = 2;
    return settings;
}

}  // namespace

TEST_CASE("a data segment holds what is waiting, borrowed and on loan, and the history") {
    PublishSubscribeSettings settings = service();
    settings.history_size = 3;
    const layout::Data data = settings.data(2);
    CHECK(data.history_entries == 4);
    CHECK(data.chunk_count == 8 * (2 + 2) + 4 + 2);
    CHECK(data.chunks % settings.sample().unit() == 0);
    CHECK(data.size == data.chunks + data.chunk_count * data.chunk_size);
}

TEST_CASE("no setting makes a segment look smaller than it would be") {
    PublishSubscribeSettings settings = service();
    SECTION("a product beyond 64 bits") {
        settings.payload.size = layout::max_segment_size - 64;
        settings.max_subscribers = 1024;
        settings.subscriber_max_buffer_size = layout::max_buffer_size;
        settings.subscriber_max_borrowed_samples = layout::max_buffer_size;
    }
    SECTION("a payload as long as a number can be") {
        settings.payload.size = greatest;
    }
    SECTION("a user header as long as a number can be") {
        settings.user_header = {.name = "header", .size = greatest, .alignment = 8};
    }
    SECTION("a history as long as a number can be") {
        settings.history_size = greatest;
    }
    SECTION("a buffer as long as a number can be") {
        settings.subscriber_max_buffer_size = greatest;
    }
    SECTION("an alignment as large as a number can be") {
        settings.payload_alignment = greatest;
    }
    CHECK(settings.data(1).size > layout::max_segment_size);
}

TEST_CASE("a segment of the greatest size has no more chunks than have numbers") {
    const std::uint64_t smallest_chunk = PublishSubscribeSettings{}.sample().unit();
    CHECK(layout::max_segment_size / smallest_chunk < std::uint64_t{0xffff'ffff});
}

TEST_CASE("an alignment of 0 asks for nothing") {
    PublishSubscribeSettings settings = service();
    settings.payload_alignment = 0;
    settings.user_header.alignment = 0;
    CHECK(settings.sample().payload_offset == 0);
    CHECK(settings.sample().size == 8);
}

TEST_CASE("a client has room for what waits, is held or kept, and is on loan") {
    const RequestResponseSettings settings = requests();
    const layout::Data data = settings.request_data();
    CHECK(data.chunk_count == 2 * (4 + 4) + 4 + 2);
    CHECK(data.size == data.chunks + data.chunk_count * data.chunk_size);
}

TEST_CASE("a server has room for every lane of every client") {
    const RequestResponseSettings settings = requests();
    CHECK(settings.response_data(6).chunk_count == 8 * 4 * (3 + 5) + 8 * 4 * 6);
}

TEST_CASE("requests and each stream of responses lie apart in a connection") {
    const layout::RequestConnection connection = requests().connection();
    CHECK(connection.lane_count == 4);
    CHECK(connection.requests.ticket_count == 4 + 4);
    CHECK(connection.responses.ticket_count == 3 + 5);
    CHECK(connection.lanes >= connection.requests.size);
    CHECK(connection.lane_size >= connection.responses.size);
    CHECK(connection.lane(0) % layout::separation == 0);
    CHECK(connection.lane(1) % layout::separation == 0);
    CHECK(connection.size == connection.lane(4));
}

TEST_CASE("no setting of requests and responses makes a segment look smaller than it would be") {
    RequestResponseSettings settings = requests();
    const auto sizes = [&] {
        return std::max(settings.request_data().size,
                        settings.response_data(layout::max_loaned_samples).size);
    };
    SECTION("a product beyond 64 bits") {
        settings.response.size = layout::max_segment_size - 64;
        settings.max_clients = layout::max_ports_per_service;
        settings.max_active_requests_per_client = layout::max_borrowed_samples;
        settings.max_response_buffer_size = layout::max_buffer_size;
    }
    SECTION("a request as long as a number can be") {
        settings.request.size = greatest;
    }
    SECTION("a header of the requests as long as a number can be") {
        settings.request_header = {.name = "header", .size = greatest, .alignment = 8};
    }
    SECTION("a header of the responses as long as a number can be") {
        settings.response_header = {.name = "header", .size = greatest, .alignment = 8};
    }
    SECTION("an alignment as large as a number can be") {
        settings.response_alignment = greatest;
    }
    CHECK(sizes() > layout::max_segment_size);
}
