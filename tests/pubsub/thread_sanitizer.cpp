// SPDX-License-Identifier: Apache-2.0
#if defined(__SANITIZE_THREAD__)

// It takes the mapping of other pages for a write to each of their words. A thread that polls there meanwhile
// is what AddressRange is for: the kernel exchanges the pages in one step.
extern "C" const char* __tsan_default_suppressions();
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions() {
    return "race:ipc::shm::AddressRange::clear\nrace:ipc::shm::AddressRange::map\n";
}

#endif
