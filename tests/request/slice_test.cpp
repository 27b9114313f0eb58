// SPDX-License-Identifier: Apache-2.0
// Requests and responses of any number of elements.
#include "request/world.hpp"

#include <numeric>
#include <span>
#include <vector>

using namespace request;

namespace {

struct Point {
    float x = 0;
    float y = 0;
    float z = 0;
};

using Questions = ipc::Slice<std::uint64_t>;
using Answers = ipc::Slice<Point>;

std::vector<std::uint64_t> numbers(std::size_t count) {
    std::vector<std::uint64_t> result(count);
    std::iota(result.begin(), result.end(), 1U);
    return result;
}

template <class Received>
auto content(const Received& received) {
    return std::vector(received.payload().begin(), received.payload().end());
}

}  // namespace

TEST_CASE("requests and responses are slices of any length", "[request][slice]") {
    World world;
    auto service =
        world.node.service_builder("slices").request_response<Questions, Answers>().create().value();
    auto server = service.server_builder().initial_max_slice_len(500).create().value();
    auto client = service.client_builder().initial_max_slice_len(500).create().value();
    for (const std::size_t length : {0u, 1u, 7u, 11u, 12u, 13u, 100u, 500u, 3u}) {
        auto pending = client.send_slice_copy(numbers(length)).value();
        {
            auto request = next(server);
            CHECK(request.header().number_of_elements() == length);
            CHECK(content(request) == numbers(length));
            auto first = request.loan_slice_uninit(length).value();
            std::move(first)
                .write_from_fn([](std::size_t i) { return Point{.x = static_cast<float>(i)}; })
                .send()
                .value();
            request.send_slice_copy(std::vector<Point>(2)).value();
        }
        const auto response = next(pending);
        CHECK(response.header().number_of_elements() == length);
        REQUIRE(response.payload().size() == length);
        if (length != 0) CHECK(response.payload().back().x == static_cast<float>(length - 1));
        CHECK(next(pending).payload().size() == 2);
        CHECK(pending.state() == ipc::StreamState::Completed);
    }
}

TEST_CASE("a loan longer than the port's initial_max_slice_len is refused", "[request][slice]") {
    World world;
    auto service =
        world.node.service_builder("slices").request_response<Questions, Answers>().create().value();
    auto server = service.server_builder().initial_max_slice_len(3).create().value();
    auto client = service.client_builder().initial_max_slice_len(2).create().value();
    CHECK(client.loan_slice(3).error() == ipc::LoanError::ExceedsMaxLoanSize);
    CHECK(client.send_slice_copy(numbers(3)).error() == ipc::RequestSendError::ExceedsMaxLoanSize);
    CHECK(client.call(numbers(3), patience).error() == ipc::CallError::ExceedsMaxLoanSize);
    CHECK(ipc::to_string(ipc::CallError::ExceedsMaxLoanSize) == "ExceedsMaxLoanSize");
    CHECK(ipc::to_string(ipc::CallError::PeerDied) == "PeerDied");
    auto loan = client.loan_slice(2).value();
    loan.payload_mut()[1] = 4;
    auto pending = std::move(loan).send().value();
    auto request = next(server);
    CHECK(content(request) == std::vector<std::uint64_t>{0, 4});
    CHECK(request.loan_slice(4).error() == ipc::LoanError::ExceedsMaxLoanSize);
    CHECK(request.send_slice_copy(std::vector<Point>(4)).error() == ipc::SendError::ExceedsMaxLoanSize);
    CHECK(request.send_slice_copy(std::vector<Point>(3)).value() == 1);
    CHECK(next(pending).payload().size() == 3);
}

TEST_CASE("one side may be a slice and the other not", "[request][slice]") {
    World world;
    auto service = world.node.service_builder("mixed")
                       .request_response<std::uint64_t, Questions>()
                       .response_user_header<std::uint32_t>()
                       .response_payload_alignment(256)
                       .create()
                       .value();
    auto server = service.server_builder().initial_max_slice_len(100).create().value();
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy(100).value();
    {
        auto request = next(server);
        auto loan = request.loan_slice_uninit(*request).value();
        loan.user_header_mut() = 9;
        std::move(loan).write_from_slice(numbers(100)).send().value();
    }
    const auto response = next(pending);
    CHECK(response.user_header() == 9);
    CHECK(content(response) == numbers(100));
    CHECK(reinterpret_cast<std::uintptr_t>(response.payload().data()) % 256 == 0);
    CHECK(
        world.node.service_builder("mixed").request_response<Questions, Questions>().open().error().code() ==
        ipc::RequestResponseOpenError::IncompatibleRequestType);
    CHECK(world.node.service_builder("mixed")
              .request_response<std::uint64_t, std::uint64_t>()
              .open()
              .error()
              .code() == ipc::RequestResponseOpenError::IncompatibleResponseType);
}

TEST_CASE("a request that is a slice has its user header, and the alignment that was asked for",
          "[request][slice]") {
    World world;
    const auto alignment = GENERATE(std::uint64_t{8}, std::uint64_t{256}, std::uint64_t{4096});
    auto service = world.node.service_builder("aligned")
                       .request_response<Questions, std::uint64_t>()
                       .request_user_header<Point>()
                       .request_payload_alignment(alignment)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().initial_max_slice_len(1000).create().value();
    for (const std::size_t length : {0u, 1u, 3u, 9u, 12u, 100u, 1000u}) {
        auto loan = client.loan_slice_uninit(length).value();
        CHECK(reinterpret_cast<std::uintptr_t>(loan.payload_mut().data()) % alignment == 0);
        loan.user_header_mut() = {.x = 1, .y = static_cast<float>(length), .z = 3};
        auto pending = std::move(loan).write_from_slice(numbers(length)).send().value();
        {
            auto request = next(server);
            CHECK(content(request) == numbers(length));
            CHECK(reinterpret_cast<std::uintptr_t>(request.payload().data()) % alignment == 0);
            CHECK(request.user_header().y == static_cast<float>(length));
            request.send_copy(request.payload().size()).value();
        }
        CHECK(*next(pending) == length);
    }
}

TEST_CASE("requests and responses whose types are described at run time may be slices", "[request][slice]") {
    World world;
    const ipc::TypeDetail bytes{
        .name = "u8", .size = 1, .alignment = 1, .variant = ipc::TypeVariant::Dynamic};
    auto service = world.node.service_builder("bytes").request_response(bytes, bytes).create().value();
    auto server = service.server_builder().initial_max_slice_len(10).create().value();
    auto client = service.client_builder().initial_max_slice_len(300).create().value();
    const std::vector<unsigned char> sent(300, 8);
    auto pending = client.send_slice_copy(sent.data(), sent.size()).value();
    {
        auto request = next(server);
        CHECK(request.number_of_elements() == 300);
        CHECK(request.payload_size() == 300);
        auto loan = request.loan_slice(10).value();
        CHECK(loan.payload_size() == 10);
        std::move(loan).send().value();
        CHECK(request.send_copy(sent.data()).value() == 1);
        CHECK(request.loan_slice(11).error() == ipc::LoanError::ExceedsMaxLoanSize);
    }
    CHECK(next(pending).payload_size() == 10);
    CHECK(next(pending).number_of_elements() == 1);
}
