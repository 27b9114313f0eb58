// SPDX-License-Identifier: Apache-2.0
#include "rules/types.hpp"

#include "layout/limits.hpp"
#include "rules/description.hpp"
#include "rules/range.hpp"
#include "wire/enum_names.hpp"

#include <bit>

namespace roudi {

namespace layout = ipc::layout;

namespace {

constexpr std::size_t max_type_name = 4096;  // C++ names of templates are long; status must stay readable

// Not everybody can say a layout: other languages, older libraries.
bool same(const wire::TypeDetail& has, wire::TypeDetail asked) {
    if (!has.layout || !asked.layout) asked.layout = has.layout;
    return has == asked;
}

}  // namespace

std::string describe(const wire::TypeDetail& type) {
    if (type.name.empty()) return "none";
    return "\"" + type.name + "\" (size " + std::to_string(type.size) + ", alignment " +
           std::to_string(type.alignment) + ", " + std::string{wire::name_of(type.variant)} +
           (type.layout ? ", layout " + *type.layout : std::string{}) + ")";
}

Granted<void> check_type(const std::string& what, const wire::TypeDetail& type) {
    if (type.name.empty() || type.name.size() > max_type_name)
        return reject(wire::Refusal::InvalidSetting,
                      "the name of the " + what + " type has " + std::to_string(type.name.size()) +
                          " bytes, and 1 to " + std::to_string(max_type_name) + " are allowed");
    if (type.layout && (type.layout->empty() || type.layout->size() > layout::max_type_layout))
        return reject(wire::Refusal::InvalidSetting,
                      "the layout of the " + what + " type has " + std::to_string(type.layout->size()) +
                          " bytes, and 1 to " + std::to_string(layout::max_type_layout) + " are allowed");
    const std::string size = what + " size";
    auto in_range = check_range(
        {.name = size.c_str(), .value = type.size, .lowest = 1, .highest = layout::max_segment_size});
    if (!in_range) return in_range;
    if (auto fine = check_alignment(what + " alignment", type.alignment, 1); !fine) return fine;
    // Each element of a slice begins where the one before ends.
    if (type.variant == wire::TypeVariant::FixedSize || type.size % type.alignment == 0) return {};
    return reject(wire::Refusal::InvalidSetting,
                  what + " size is " + std::to_string(type.size) +
                      ", and that of a slice's element is a multiple of its alignment, " +
                      std::to_string(type.alignment));
}

Granted<std::uint64_t> check_slice_len(const std::string& name, const wire::TypeDetail& type,
                                       std::optional<std::uint64_t> asked) {
    if (!asked) return 1;
    if (type.variant == wire::TypeVariant::FixedSize)
        return reject(wire::Refusal::InvalidSetting,
                      name + " is " + std::to_string(*asked) + ", and the type \"" + type.name +
                          "\" of the service is of fixed size: only ports that send slices have it");
    auto in_range = check_range(
        {.name = name.c_str(), .value = *asked, .lowest = 1, .highest = layout::max_segment_size});
    if (!in_range) return tl::unexpected{std::move(in_range.error())};
    return *asked;
}

Granted<void> check_header(const std::string& what, const wire::TypeDetail& type) {
    if (type.variant != wire::TypeVariant::FixedSize)
        return reject(wire::Refusal::InvalidSetting, "the " + what + " type \"" + type.name +
                                                         "\" is a slice, and a header is of fixed size");
    if (!type.name.empty() || type.size != 0) return check_type(what, type);
    if (type == wire::TypeDetail{}) return {};
    return reject(wire::Refusal::InvalidSetting, "a " + what + " without name and size has alignment " +
                                                     std::to_string(type.alignment) +
                                                     ", and 1 is expected where there is none");
}

Granted<void> check_alignment(const std::string& name, std::uint64_t value, std::uint64_t lowest) {
    if (std::has_single_bit(value) && value >= lowest && value <= layout::max_alignment) return {};
    return reject(wire::Refusal::InvalidSetting, name + " is " + std::to_string(value) +
                                                     ", and a power of two from " + std::to_string(lowest) +
                                                     " to " + std::to_string(layout::max_alignment) +
                                                     " is allowed");
}

Granted<void> compare_types(const Service& service, const ComparedTypes& types) {
    if (same(types.has, types.asked)) return {};
    return reject(types.refusal, describe(service) + " has the " + types.what + " " + describe(types.has) +
                                     ", and the " + types.what + " asked for is " + describe(types.asked));
}

}  // namespace roudi
