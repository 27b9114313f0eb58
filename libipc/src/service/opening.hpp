// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/code_of.hpp"
#include "layout/limits.hpp"
#include "service/asked_attributes.hpp"
#include "service/names.hpp"
#include "service/service_handle.hpp"

#include <ipc/expected.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ipc::detail {

// How a service is asked for, whatever its pattern.
struct Opening {
    wire::OpenMode mode;
    std::optional<wire::AskedAttributes> attributes;
};

// Asks the broker for a service of any pattern: the request says which, and the error's names
// (error_names.hpp) what can go wrong with it.
template <class Code, class Request>
expected<std::shared_ptr<ServiceHandle>, Error<Code>> open_service(
    const std::shared_ptr<control::Session>& session, const std::string& name, const Opening& opening,
    Request request) {
    if (auto wrong = why_invalid("service", name, 1, layout::max_service_name))
        return unexpected{Error{Code::InvalidName, std::move(*wrong)}};
    if (opening.attributes)
        if (auto wrong = why_invalid(*opening.attributes))
            return unexpected{Error{Code::InvalidSetting, "service \"" + name + "\": " + *wrong}};
    auto answer = session->call(wire::OpenService{.name = name,
                                                  .mode = opening.mode,
                                                  .request = std::move(request),
                                                  .attributes = opening.attributes},
                                session->deadline());
    if (!answer)
        return unexpected{control::public_error<Code>(std::move(answer.error()), error_names(Code{}))};
    auto* opened = std::get_if<wire::ServiceOpened>(&answer->message);
    if (opened == nullptr || !std::holds_alternative<typename Request::Settings>(opened->settings))
        return unexpected{
            Error{Code::InternalFailure,
                  "the broker opened service \"" + name +
                      "\" and says nothing of its settings; its version is not this library's"}};
    return std::make_shared<ServiceHandle>(session, name, std::move(*opened));
}

}  // namespace ipc::detail
