// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/broker.hpp"
#include "status/user_names.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <map>
#include <string>

namespace roudi {

// Answers the questions of status. Shapes of the answers: roudi/README.md.
class Inquiry {
 public:
    struct Surroundings {
        const Settings& settings;
        std::map<std::string, std::string> sources;
        bool embedded = false;
    };
    Inquiry(Broker& broker, Surroundings surroundings);

    Granted<wire::Answer> answer(const wire::Query& query, const Identity& asker);
    // Where the settings come from, after a reload.
    void set_sources(std::map<std::string, std::string> sources) {
        surroundings_.sources = std::move(sources);
    }

 private:
    Granted<wire::Answer> status(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> services(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> service(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> nodes(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> node(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> ports(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> config(const wire::Query& query, const Identity& asker);
    Granted<wire::Answer> explain(const wire::Query& query, const Identity& asker);

    // Of services, the asker sees only those that he may observe.
    nlohmann::json explained(const Service& service);
    nlohmann::json explained(const Node& node, const Identity& asker);
    nlohmann::json explained(const std::string& name, const Identity& user, const Identity& asker);
    void add_permissions(nlohmann::json& object, const Identity& whose, const Identity& asker);

    std::chrono::milliseconds hung_after() const {
        return std::chrono::milliseconds{surroundings_.settings.hung_after_ms};
    }

    Broker& broker_;
    Surroundings surroundings_;
    UserNames users_;
    std::chrono::system_clock::time_point started_at_ = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace roudi
