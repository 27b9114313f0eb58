// SPDX-License-Identifier: Apache-2.0
#include <ipc/detail/type_name.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace ipc::detail {

std::string demangled(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free};
    // What cannot be demangled is still a name.
    return name ? std::string{name.get()} : std::string{type.name()};
}

}  // namespace ipc::detail
