// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

// Members of an aggregate cannot be listed, but asked for one after the other, by what they can be
// initialised from. The elements of a built-in array are asked for like members.
namespace ipc::detail {

template <class Aggregate>
struct Anything {
    template <class Member>
    requires(!std::is_same_v<Member, Aggregate>) operator Member()
        const;  // NOLINT(google-explicit-constructor)
};

// Initialises only members of which the predicate, a template with a bool `value`, holds.
template <class Aggregate, template <class> class Predicate>
struct Only {
    template <class Member>
    requires(!std::is_same_v<Member, Aggregate> && Predicate<Member>::value) operator Member()
        const;  // NOLINT(google-explicit-constructor)
};

template <class T, std::size_t... Before>
constexpr bool member_exists(std::index_sequence<Before...>) {
    return requires {
        T{(static_cast<void>(Before), Anything<T>{})..., Anything<T>{}};
    };
}
// One that nothing is known of: it takes too much, or nothing that could be made up.
template <class T, std::size_t... Before>
constexpr bool opaque_member_exists(std::index_sequence<Before...>) {
    return requires {
        T{(static_cast<void>(Before), Anything<T>{})..., {}};
    };
}
template <class T, template <class> class Predicate, std::size_t... Before>
constexpr bool member_is(std::index_sequence<Before...>) {
    return requires {
        T{(static_cast<void>(Before), Anything<T>{})..., Only<T, Predicate>{}};
    };
}

inline constexpr std::size_t members_looked_at = 64;

template <class T, template <class> class Predicate, std::size_t Index = 0>
constexpr bool any_member_is() {
    if constexpr (Index == members_looked_at) {
        return false;
    } else if constexpr (!member_exists<T>(std::make_index_sequence<Index>{})) {
        return false;
    } else if constexpr (member_is<T, Predicate>(std::make_index_sequence<Index>{})) {
        return true;
    } else {
        return any_member_is<T, Predicate, Index + 1>();
    }
}

// Whether any_member_is() looks at every member there is.
template <class T, std::size_t Index = 0>
constexpr bool all_members_are_known() {
    if constexpr (Index == members_looked_at) {
        return false;
    } else if constexpr (member_exists<T>(std::make_index_sequence<Index>{})) {
        return all_members_are_known<T, Index + 1>();
    } else {
        return !opaque_member_exists<T>(std::make_index_sequence<Index>{});
    }
}

}  // namespace ipc::detail
