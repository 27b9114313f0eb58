// SPDX-License-Identifier: Apache-2.0
#include "broker.hpp"

#include <ipc/introspection.hpp>

#include <utility>

namespace roudictl {
namespace {

Unanswered::Kind kind_of(ipc::IntrospectionError error) {
    switch (error) {
        case ipc::IntrospectionError::DoesNotExist:
            return Unanswered::Kind::NotFound;
        case ipc::IntrospectionError::NoBroker:
        case ipc::IntrospectionError::Timeout:
        case ipc::IntrospectionError::UnsupportedProtocol:
            return Unanswered::Kind::NoBroker;
        default:
            return Unanswered::Kind::Refused;
    }
}

Unanswered explain(const ipc::Error<ipc::IntrospectionError>& error) {
    return {kind_of(error.code()), error.message()};
}

class RunningBroker : public Broker {
 public:
    explicit RunningBroker(ipc::Introspection introspection) : introspection_{std::move(introspection)} {}

    tl::expected<std::string, Unanswered> ask(const std::string& what, const std::string& argument) override {
        auto answer = introspection_.ask(what, argument);
        if (!answer) return tl::unexpected{explain(answer.error())};
        return *std::move(answer);
    }

 private:
    ipc::Introspection introspection_;
};

}  // namespace

tl::expected<std::unique_ptr<Broker>, Unanswered> reach_broker(const BrokerChoice& choice) {
    ipc::Config config;
    config.socket = choice.socket;
    config.domain = choice.domain;
    auto introspection = ipc::Introspection::open(config);
    if (!introspection) return tl::unexpected{explain(introspection.error())};
    return std::make_unique<RunningBroker>(*std::move(introspection));
}

}  // namespace roudictl
