// SPDX-License-Identifier: Apache-2.0
// What must not compile whatever it is asked for with, one with each macro; and what does, without any.
#include <ipc/ipc.hpp>

#include <memory>
#include <string_view>

struct Pointer {
    const char* text;
};
struct Point {
    int x;
    int y;
};
using Pointers = ipc::Slice<Pointer>;
using Points = ipc::Slice<Point>;
using Owner = std::unique_ptr<int>;

void build(const ipc::ServiceBuilder& service) {
#if defined REJECTED_SAMPLE
    service.publish_subscribe<Pointer>();
#elif defined REJECTED_SLICE
    service.publish_subscribe<Pointers>();
#elif defined REJECTED_REQUEST
    service.request_response<std::string_view, int>();
#elif defined REJECTED_RESPONSE
    service.request_response<int, Pointers>();
#elif defined REJECTED_SAMPLE_HEADER
    service.publish_subscribe<int>().user_header<Pointer>();
#elif defined REJECTED_REQUEST_HEADER
    service.request_response<int, int>().request_user_header<std::string_view>();
#elif defined REJECTED_RESPONSE_HEADER
    service.request_response<int, int>().response_user_header<Owner>();
#else
    service.publish_subscribe<Point>().user_header<Point>();
    service.publish_subscribe<Points>();
    service.request_response<Point, Points>().request_user_header<Point>().response_user_header<Point>();
#endif
}
