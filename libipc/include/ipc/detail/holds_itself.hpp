// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/detail/members.hpp"
#include "ipc/detail/points_elsewhere.hpp"
#include "ipc/zero_copy.hpp"

#include <type_traits>

// Whether a T holds everything inside itself, so that its bytes are all there is to it.
namespace ipc::detail {

template <class T>
constexpr bool holds_itself();

template <class T>
struct ReachesOut : std::bool_constant<!holds_itself<T>()> {};

template <class T>
struct HasToBeDestroyed : std::bool_constant<!std::is_trivially_destructible_v<T>> {};

// One that is not trivially copyable because of its members, of which each is known, and not because of what
// it says itself: who has a destructor of his own holds something that has to be let go.
template <class T>
constexpr bool is_made_of_what_holds_itself() {
    if constexpr (!std::is_aggregate_v<T> || !all_members_are_known<T>()) {
        return false;
    } else {
        return !any_member_is<T, ReachesOut>() && !may_refer_v<T> &&
               (std::is_trivially_destructible_v<T> || any_member_is<T, HasToBeDestroyed>());
    }
}

template <class T>
constexpr bool holds_itself() {
    if constexpr (std::is_array_v<T>) {
        return holds_itself<std::remove_all_extents_t<T>>();
    } else if constexpr (std::is_polymorphic_v<T>) {  // where its functions are is written inside it
        return false;
    } else if constexpr (zero_copy<T>::value) {
        return true;
    } else if constexpr (points_elsewhere_v<T>) {
        return false;
    } else if constexpr (Wrapped<T>::is_known) {
        return !Wrapped<T>::template any_is<ReachesOut>;
    } else if constexpr (std::is_trivially_copyable_v<T>) {
        return !may_refer_v<T>;
    } else if constexpr (std::is_class_v<T>) {
        return is_made_of_what_holds_itself<T>();
    } else {
        return false;
    }
}

}  // namespace ipc::detail
