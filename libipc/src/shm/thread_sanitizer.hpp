// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__SANITIZE_THREAD__)
#define LIBIPC_UNDER_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LIBIPC_UNDER_THREAD_SANITIZER 1
#endif
#endif

#ifdef LIBIPC_UNDER_THREAD_SANITIZER
extern "C" {
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace ipc::shm {

// While it exists this thread may exchange pages that other threads look at: the kernel does so in one step,
// and ThreadSanitizer takes a mapping for a write to each of its words. Here and not in a list of
// suppressions, so that programs of users have no such report either.
class ExchangeOfPages {
 public:
#ifdef LIBIPC_UNDER_THREAD_SANITIZER
    ExchangeOfPages() {
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
    ~ExchangeOfPages() {
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    }
#else
    ExchangeOfPages() {}
    ~ExchangeOfPages() {}
#endif
    ExchangeOfPages(const ExchangeOfPages&) = delete;
    ExchangeOfPages& operator=(const ExchangeOfPages&) = delete;
};

}  // namespace ipc::shm
