// SPDX-License-Identifier: Apache-2.0
#include "inquiry.hpp"

#include "control/code_of.hpp"
#include "node/error_names.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ipc::detail {

namespace {

using nlohmann::json;

// Lists of the same name become one; anything else is as in the first page.
void append(json& whole, json page) {
    for (auto& [name, value] : page.items()) {
        if (value.is_array() && whole.contains(name) && whole[name].is_array())
            for (auto& element : value) whole[name].push_back(std::move(element));
        else if (!whole.contains(name))
            whole[name] = std::move(value);
    }
}

}  // namespace

expected<std::string, Error<IntrospectionError>> inquire(control::Session& session, std::string_view what,
                                                         std::string_view argument) {
    wire::Query query{.what = std::string{what}, .argument = std::string{argument}, .cursor = 0};
    const auto deadline = session.deadline();
    json whole = json::object();
    for (;;) {
        auto reply = session.call(query, deadline);
        if (!reply)
            return unexpected{
                control::public_error<IntrospectionError>(std::move(reply.error()), introspection_errors)};
        auto* answer = std::get_if<wire::Answer>(&reply->message);
        if (answer == nullptr)
            return unexpected{Error{IntrospectionError::InternalFailure,
                                    "the broker answers a question of status with something else; its "
                                    "version is not this library's"}};
        const bool only_page = query.cursor == 0 && !answer->more;
        if (only_page) return std::move(answer->body.text);
        append(whole, json::parse(answer->body.text));
        if (!answer->more) return whole.dump();
        query.cursor = *answer->more;
    }
}

}  // namespace ipc::detail
