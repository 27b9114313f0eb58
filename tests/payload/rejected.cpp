// SPDX-License-Identifier: Apache-2.0
// Payloads that must not compile, one with each macro; and one that does, without any.
#include <ipc/boost/static_vector.hpp>
#include <ipc/payload.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using boost::container::static_vector;

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
#elif defined REJECTED_SPAN
using Payload = std::span<const int>;
#elif defined REJECTED_SPAN_OF_FIXED_EXTENT
struct Payload {
    std::span<int, 4> numbers;
};
#elif defined REJECTED_RANGE_VIEW
class Payload : public std::ranges::view_base {
 public:
    explicit Payload(int* numbers) : numbers_{numbers} {}
    int* begin() const { return numbers_; }
    int* end() const { return numbers_ + 1; }

 private:
    int* numbers_;
};
#elif defined REJECTED_STATIC_VECTOR_OF_POINTERS
using Payload = static_vector<int*, 4>;
#elif defined REJECTED_MEMBER_STATIC_VECTOR_OF_POINTERS
struct Payload {
    int number;
    static_vector<Pair, 4> pairs;
};
#elif defined REJECTED_STATIC_VECTOR_OF_STRINGS
using Payload = static_vector<std::string, 4>;
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
    static_vector<static_vector<int, 2>, 4> lists;
};
#endif

int main() {
    return static_cast<int>(ipc::type_detail<Payload>().size);
}
