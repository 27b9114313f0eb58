// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "service_world.hpp"

#include <string>
#include <vector>

using ipc::Schema;

namespace {

const Schema point{.format = "protobuf", .text = "message Point {\n  int32 x = 1;\n  int32 y = 2;\n}\n"};
const Schema other_point{.format = "protobuf",
                         .text = "message Point {\n  int32 x = 1;\n  int64 y = 2;\n}\n"};

// To set something that another has not.
template <class Builder>
Builder copy(const Builder& builder) {
    return builder;
}

}  // namespace

TEST_CASE("a schema is stored with the service, and compared where both say something") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "the-creator");
    const auto builder = node.service_builder("S").publish_subscribe<std::uint64_t>();
    const auto created = copy(builder).payload_schema(point).create().value();
    CHECK(created.static_config().payload_schema == point);
    CHECK(builder.open().value().static_config().payload_schema == point);
    CHECK(copy(builder).payload_schema(point).open());
    const auto details = ipc::Service::details("S", on(broker)).value();
    CHECK(std::get<ipc::PublishSubscribeStaticConfig>(details->static_config).payload_schema == point);

    const auto refused = copy(builder).payload_schema(other_point).open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == ipc::PublishSubscribeOpenError::IncompatibleSchema);
    CHECK(mentions(refused.error().message(), {"\"S\"", "the-creator", "protobuf", "line 3",
                                               "\"  int32 y = 2;\"", "\"  int64 y = 2;\""}));
    const auto format = copy(builder).payload_schema({.format = "idl", .text = point.text}).open_or_create();
    REQUIRE_FALSE(format);
    CHECK(format.error() == ipc::PublishSubscribeOpenOrCreateError::IncompatibleSchema);
    CHECK(mentions(format.error().message(), {"\"protobuf\"", "\"idl\""}));

    // The creator said nothing: there is nothing to compare with.
    const auto plain = node.service_builder("P").publish_subscribe<std::uint64_t>();
    const auto without = plain.create().value();
    CHECK_FALSE(copy(plain).payload_schema(point).open().value().static_config().payload_schema);
}

TEST_CASE("requests and responses have a schema each") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto builder = node.service_builder("R").request_response(ipc::type_detail<int>(),
                                                                    ipc::type_detail<std::uint64_t>());
    const auto created = copy(builder).request_schema(point).response_schema(other_point).create().value();
    CHECK(created.static_config().request_schema == point);
    CHECK(created.static_config().response_schema == other_point);
    using E = ipc::RequestResponseOpenError;
    CHECK(copy(builder).request_schema(other_point).open().error() == E::IncompatibleRequestSchema);
    CHECK(copy(builder).response_schema(point).open().error() == E::IncompatibleResponseSchema);
    CHECK(copy(builder).response_schema(other_point).open());
}

TEST_CASE("a schema may be as long as it is said, and no longer") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto builder = node.service_builder("R").request_response<int, int>();
    const auto check = [&](const Schema& schema, const std::vector<std::string>& parts) {
        const auto refused = copy(builder).response_schema(schema).create();
        REQUIRE_FALSE(refused);
        CHECK(refused.error() == ipc::RequestResponseCreateError::InvalidSetting);
        CHECK(mentions(refused.error().message(), parts));
    };
    check({.format = "", .text = "x"}, {"\"R\"", "response schema", "format", "1 to 64"});
    check({.format = "x", .text = ""}, {"response schema", "1 to 16384"});
    check({.format = "x", .text = std::string(16385, 'x')}, {"response schema", "16385", "1 to 16384"});
    check({.format = "x", .text = "a\x1b["}, {"response schema", "control", "byte 1"});
    check({.format = "x", .text = "\xc3"}, {"response schema", "UTF-8"});
    const Schema longest{.format = std::string(64, 'f'), .text = std::string(16384, '\n')};
    const auto service = copy(builder).request_schema(longest).response_schema(longest).create().value();
    CHECK(service.static_config().request_schema == longest);
    CHECK(service.static_config().response_schema == longest);
}
