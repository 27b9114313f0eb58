// SPDX-License-Identifier: Apache-2.0
#include "status/inquiry.hpp"

#include <array>
#include <string_view>

namespace roudi {

Granted<wire::Answer> Inquiry::answer(const wire::Query& query, const Identity& asker) {
    using Handler = Granted<wire::Answer> (Inquiry::*)(const wire::Query&, const Identity&);
    struct Question {
        std::string_view what;
        Handler handler;
    };
    static constexpr std::array questions{
        Question{"status", &Inquiry::status},   Question{"services", &Inquiry::services},
        Question{"service", &Inquiry::service}, Question{"nodes", &Inquiry::nodes},
        Question{"node", &Inquiry::node},       Question{"ports", &Inquiry::ports},
        Question{"config", &Inquiry::config},   Question{"explain", &Inquiry::explain}};
    for (const Question& question : questions) {
        if (query.what == question.what) return (this->*question.handler)(query, asker);
    }
    return reject(wire::Refusal::DoesNotExist,
                  "nobody knows how to answer \"" + query.what +
                      "\": ask for status, services, service, nodes, node, ports, config or explain");
}

}  // namespace roudi
