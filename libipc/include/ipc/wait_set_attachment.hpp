// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <utility>

namespace ipc::wait_set {
class AttachmentSet;
}

namespace ipc {

// Something is attached to a wait set for as long as this lives. Keeps what it needs of set and port: the
// order in which they end does not matter. A foreign descriptor stays open until its guard is gone.
//
// May be ended in any thread, and in the callback. A callback for it that another thread has already begun
// goes on.
class IPC_API WaitSetGuard {
 public:
    WaitSetGuard(WaitSetGuard&& other) noexcept
        : set_{std::move(other.set_)}, attachment_{std::exchange(other.attachment_, 0)} {}
    WaitSetGuard& operator=(WaitSetGuard&& other) noexcept {
        std::swap(set_, other.set_);
        std::swap(attachment_, other.attachment_);
        return *this;
    }
    ~WaitSetGuard() {
        if (set_) detach();
    }

 private:
    friend class WaitSet;
    friend class WaitSetAttachmentId;
    WaitSetGuard(std::shared_ptr<wait_set::AttachmentSet> set, std::uint64_t attachment)
        : set_{std::move(set)}, attachment_{attachment} {}
    void detach() noexcept;

    std::shared_ptr<wait_set::AttachmentSet> set_;
    std::uint64_t attachment_;
};

// What a wait set calls back for: which attachment, and whether it is for an event or for a deadline that was
// missed. Comparing, ordering and hashing look at the attachment only, so that a program finds its handler in
// one look-up, whatever happened. No two attachments of a process ever have the same.
class IPC_API WaitSetAttachmentId {
 public:
    static WaitSetAttachmentId from_guard(const WaitSetGuard& guard) { return {guard.attachment_, false}; }

    // Something can be received there, the descriptor is ready, or the interval is over.
    bool has_event_from(const WaitSetGuard& guard) const {
        return !missed_ && attachment_ == guard.attachment_;
    }
    // For as long as the deadline says nothing came.
    bool has_missed_deadline(const WaitSetGuard& guard) const {
        return missed_ && attachment_ == guard.attachment_;
    }

    friend bool operator==(const WaitSetAttachmentId& a, const WaitSetAttachmentId& b) {
        return a.attachment_ == b.attachment_;
    }
    friend std::strong_ordering operator<=>(const WaitSetAttachmentId& a, const WaitSetAttachmentId& b) {
        return a.attachment_ <=> b.attachment_;
    }
    friend std::ostream& operator<<(std::ostream& out, const WaitSetAttachmentId& id) {
        return out << "attachment " << id.attachment_ << (id.missed_ ? " (missed deadline)" : "");
    }

 private:
    friend class wait_set::AttachmentSet;
    friend struct std::hash<WaitSetAttachmentId>;
    WaitSetAttachmentId(std::uint64_t attachment, bool missed) : attachment_{attachment}, missed_{missed} {}

    std::uint64_t attachment_;
    bool missed_;
};

}  // namespace ipc

template <>
struct std::hash<ipc::WaitSetAttachmentId> {
    std::size_t operator()(const ipc::WaitSetAttachmentId& id) const noexcept {
        return std::hash<std::uint64_t>{}(id.attachment_);
    }
};
