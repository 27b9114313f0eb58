// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "service_world.hpp"

#include <string>
#include <vector>

using ipc::AttributeSpecifier;
using ipc::AttributeVerifier;

namespace {

AttributeSpecifier camera() {
    return AttributeSpecifier{}.define("maker", "ACME").define("format", "nv12").define("format", "rgb8");
}

// Of builders of any pattern: what is promised of attributes.
template <class OpenError, class CreateError, class OpenOrCreateError, class Builder>
void check_attributes(const Builder& builder, const ipc::Config& config) {
    const auto created = builder.create_with_attributes(camera()).value();
    CHECK(created.attributes() == camera().attributes());
    CHECK(created.attributes().number_of_attributes() == 3);
    CHECK(created.attributes().number_of_key_values("format") == 2);
    CHECK(created.attributes().key_value("format", 1) == "rgb8");
    CHECK_FALSE(created.attributes().key_value("format", 2));
    std::vector<std::string> formats;
    created.attributes().iter_key_values("format", [&](std::string_view value) {
        formats.emplace_back(value);
        return ipc::CallbackProgression::Stop;
    });
    CHECK(formats == std::vector<std::string>{"nv12"});

    // Who asks for nothing, or for less, sees all there are.
    CHECK(builder.open().value().attributes() == created.attributes());
    const auto wanted = AttributeVerifier{}.require("format", "rgb8").require_key("maker");
    CHECK(builder.open_with_attributes(wanted).value().attributes() == created.attributes());
    CHECK_FALSE(builder.open_or_create_with_attributes(wanted).value().was_created());
    CHECK(ipc::Service::details("S", config).value()->attributes == created.attributes());

    const auto other_value = builder.open_with_attributes(AttributeVerifier{}.require("format", "bgr8"));
    REQUIRE_FALSE(other_value);
    CHECK(other_value.error() == OpenError::IncompatibleAttributes);
    CHECK(mentions(other_value.error().message(),
                   {"\"S\"", "the-creator", "\"format\"", "\"nv12\", \"rgb8\"", "\"bgr8\""}));
    const auto no_value = builder.open_with_attributes(AttributeVerifier{}.require("owner", "me"));
    REQUIRE_FALSE(no_value);
    CHECK(mentions(no_value.error().message(), {"\"owner\"", "none", "\"me\""}));
    const auto no_key = builder.open_or_create_with_attributes(AttributeVerifier{}.require_key("owner"));
    REQUIRE_FALSE(no_key);
    CHECK(no_key.error() == OpenOrCreateError::IncompatibleAttributes);
    CHECK(mentions(no_key.error().message(), {"\"owner\"", "none", "any value"}));
    const auto twice = builder.create_with_attributes(camera());
    REQUIRE_FALSE(twice);
    CHECK(twice.error() == CreateError::AlreadyExists);
}

}  // namespace

TEST_CASE("attributes are what the creator defined, and are compared with what is required") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "the-creator");
    const auto named = node.service_builder("S");
    SECTION("of samples") {
        check_attributes<ipc::PublishSubscribeOpenError, ipc::PublishSubscribeCreateError,
                         ipc::PublishSubscribeOpenOrCreateError>(named.publish_subscribe<int>(), on(broker));
    }
    SECTION("of events") {
        check_attributes<ipc::EventOpenError, ipc::EventCreateError, ipc::EventOpenOrCreateError>(
            named.event(), on(broker));
    }
    SECTION("of requests") {
        check_attributes<ipc::RequestResponseOpenError, ipc::RequestResponseCreateError,
                         ipc::RequestResponseOpenOrCreateError>(named.request_response<int, char>(),
                                                                on(broker));
    }
    SECTION("of types that are described at run time") {
        const auto service = named.publish_subscribe(ipc::type_detail<int>())
                                 .open_or_create_with_attributes(AttributeVerifier{}.require("a", "b"))
                                 .value();
        CHECK(service.attributes().key_value("a") == "b");
        const auto requests = node.service_builder("R")
                                  .request_response(ipc::type_detail<int>(), ipc::type_detail<int>())
                                  .create_with_attributes(AttributeSpecifier{}.define("c", "d"))
                                  .value();
        CHECK(requests.attributes().key_value("c") == "d");
    }
}

TEST_CASE("open_or_create creates a service with what was required, if it says with which values") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto builder = node.service_builder("S").event();
    const auto any = builder.open_or_create_with_attributes(AttributeVerifier{}.require_key("maker"));
    REQUIRE_FALSE(any);
    CHECK(any.error() == ipc::EventOpenOrCreateError::IncompatibleAttributes);
    CHECK(mentions(any.error().message(), {"\"S\"", "\"maker\""}));
    const auto verifier = AttributeVerifier{}.require("maker", "ACME").require_key("maker");
    const auto service = builder.open_or_create_with_attributes(verifier).value();
    CHECK(service.was_created());
    CHECK(service.attributes() == verifier.attributes());
}

TEST_CASE("attributes beyond the limits are refused before the broker is asked") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto builder = node.service_builder("S").event();
    const auto check = [&](const AttributeSpecifier& attributes, const std::vector<std::string>& parts) {
        const auto refused = builder.create_with_attributes(attributes);
        REQUIRE_FALSE(refused);
        CHECK(refused.error() == ipc::EventCreateError::InvalidSetting);
        CHECK(mentions(refused.error().message(), parts));
    };
    check(AttributeSpecifier{}.define("", "x"), {"\"S\"", "key", "0", "1 to 64"});
    check(AttributeSpecifier{}.define(std::string(65, 'k'), "x"), {"key", "65", "1 to 64"});
    check(AttributeSpecifier{}.define("k", std::string(257, 'v')), {"\"k\"", "257", "0 to 256"});
    check(AttributeSpecifier{}.define("k", std::string{"a\0", 2}), {"\"k\"", "NUL"});
    check(AttributeSpecifier{}.define("k", "\xff"), {"\"k\"", "UTF-8"});
    AttributeSpecifier many;
    for (int i = 0; i < 17; ++i) many.define("k", std::to_string(i));
    check(many, {"17", "16"});

    AttributeSpecifier most;
    for (char c = 'a'; c < 'a' + 16; ++c) most.define(std::string(64, c), std::string(256, '\1'));
    CHECK(builder.create_with_attributes(most).value().attributes() == most.attributes());
}
