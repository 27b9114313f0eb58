// SPDX-License-Identifier: Apache-2.0
// Payloads that must not compile, one with each macro; and one that does, without any.
#include <ipc/payload.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct Pair {
    int first;
    const char* second;
};

#if defined REJECTED_POINTER
using Payload = int*;
#elif defined REJECTED_NESTED_POINTER
struct Payload {
    std::array<std::optional<Pair>, 2> pairs;
};
#elif defined REJECTED_POINTER_IN_VARIANT
using Payload = std::variant<int, Pair>;
#elif defined REJECTED_VIEW
struct Payload {
    std::string_view text;
};
#elif defined REJECTED_SMART_POINTER
struct Payload {
    int number;
    std::unique_ptr<int> pointer;
};
#elif defined REJECTED_FUNCTION
struct Payload {
    std::function<void()> callback;
};
#elif defined REJECTED_REFERENCE
struct Payload {
    int& number;
};
#elif defined REJECTED_STRING
using Payload = std::string;
#elif defined REJECTED_VECTOR_MEMBER
struct Payload {
    int number;
    std::vector<int> numbers;
};
#elif defined REJECTED_VIRTUAL_FUNCTION
struct Payload {
    virtual int number() const { return 1; }
};
#elif defined REJECTED_DESTRUCTOR
struct Payload {
    int descriptor;
    ~Payload() {}
};
#elif defined REJECTED_ARRAY
using Payload = int[4];
#else
struct Payload {
    std::array<std::optional<int>, 2> numbers;
    std::variant<char, double> value;
};
#endif

int main() {
    return static_cast<int>(ipc::type_detail<Payload>().size);
}
