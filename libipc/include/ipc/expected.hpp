// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <tl/expected.hpp>

#include <exception>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ipc {

// What value() throws where there is no value: the only thing this library ever throws.
class IPC_API Failure : public std::exception {
 public:
    explicit Failure(std::string message) : message_{std::move(message)} {}
    const char* what() const noexcept override { return message_.c_str(); }

 private:
    std::string message_;
};

// An error of the cold path: a code from the operation's enum, and a sentence that names both sides (what
// exists, and what was asked for) and says what to do.
template <class Code>
class Error {
 public:
    Error(Code code, std::string message) : code_{code}, message_{std::move(message)} {}

    Code code() const { return code_; }
    const std::string& message() const { return message_; }

    friend bool operator==(const Error& error, Code code) { return error.code_ == code; }
    friend std::ostream& operator<<(std::ostream& out, const Error& error) {
        return out << to_string(error.code_) << ": " << error.message_;
    }

 private:
    Code code_;
    std::string message_;
};

namespace detail {

template <class Code>
std::string describe(const Error<Code>& error) {
    return std::string{to_string(error.code())} + ": " + error.message();
}

// Enums of the hot path: each has a to_string of its own, found by its namespace.
template <class Code>
requires std::is_enum_v<Code> std::string describe(Code code) {
    return std::string{to_string(code)};
}

}  // namespace detail

// A value, or the error that a caller has to look at. Always over tl::expected, whatever language standard
// the caller compiles with, so that the ABI does not depend on it.
template <class T, class E>
class [[nodiscard]] expected : public tl::expected<T, E> {
    using Base = tl::expected<T, E>;

 public:
    using Base::Base;
    expected(Base&& base) : Base{std::move(base)} {}  // NOLINT(google-explicit-constructor)

    // Throws ipc::Failure, with the error's message, where there is no value.
    decltype(auto) value() & {
        require();
        if constexpr (!std::is_void_v<T>) return Base::operator*();
    }
    decltype(auto) value() const& {
        require();
        if constexpr (!std::is_void_v<T>) return Base::operator*();
    }
    auto value() && {
        require();
        if constexpr (!std::is_void_v<T>) return T{*std::move(*this)};
    }

 private:
    void require() const {
        if (!this->has_value()) throw Failure{detail::describe(this->error())};
    }
};

using tl::unexpected;

}  // namespace ipc
