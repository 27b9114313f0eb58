// SPDX-License-Identifier: Apache-2.0
// The 32-bit program: the roles that the test has somebody else play.
#include "harness/actor.hpp"
#include "harness/world.hpp"
#include "word_size/exchange.hpp"
#include "word_size/payloads.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

static_assert(sizeof(void*) == 4);
static_assert(alignof(std::atomic<std::uint64_t>) == 8 && std::atomic<std::uint64_t>::is_always_lock_free);

using namespace word_size;

int main(int argc, char** argv) {
    return harness::is_actor() ? harness::run_actor(argc, argv) : 2;
}

namespace {

ipc::Node own_node(const std::vector<std::string>& arguments) {
    return harness::node_at(arguments.at(0), "32 bits");
}

int play(Half half, const harness::Line& test, const std::vector<std::string>& arguments) {
    auto node = own_node(arguments);
    half(node, test);
    return 0;
}

ACTOR(publish) {
    return play(publish, test, arguments);
}
ACTOR(subscribe) {
    return play(subscribe, test, arguments);
}
ACTOR(publish_slices) {
    return play(publish_slices, test, arguments);
}
ACTOR(subscribe_to_slices) {
    return play(subscribe_to_slices, test, arguments);
}
ACTOR(publish_history) {
    return play(publish_history, test, arguments);
}
ACTOR(join_late) {
    return play(join_late, test, arguments);
}
ACTOR(notify) {
    return play(notify, test, arguments);
}
ACTOR(listen) {
    return play(listen, test, arguments);
}
ACTOR(ask) {
    return play(ask, test, arguments);
}
ACTOR(answer) {
    return play(answer, test, arguments);
}

// Holds all that can be held, and waits for its death.
ACTOR(hold) {
    auto node = own_node(arguments);
    auto service = node.service_builder("mortal").publish_subscribe<Image>().open_or_create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto publisher = service.publisher_builder().create().value();
    auto loan = publisher.loan().value();
    publisher.send_copy(*loan).value();
    auto event = node.service_builder("mortal events").event().open_or_create().value();
    auto listener = event.listener_builder().create().value();
    auto questions =
        node.service_builder("mortal questions").request_response<Image, Image>().open_or_create().value();
    auto server = questions.server_builder().create().value();
    test.tell("ready");
    const auto held = subscriber.receive(harness::patience).value();
    const auto also_held = subscriber.receive(harness::patience).value();
    const auto request = server.receive(harness::patience).value();
    test.tell(held && also_held && request ? "holds" : "lacks something");
    (void)test.hear();
    return 0;
}

// Opens a service of each type, and says what became of it.
template <class Payload>
std::string opened(ipc::Node& node, const std::string& service) {
    auto result = node.service_builder(service).template publish_subscribe<Payload>().open();
    if (result) return "opened";
    if (result.error().code() != ipc::PublishSubscribeOpenError::IncompatibleTypes) return "another error";
    return result.error().message();
}

ACTOR(open) {
    auto node = own_node(arguments);
    test.tell(opened<Reading>(node, "Reading"));
    test.tell(opened<Told>(node, "Told"));
    test.tell(opened<ipc::Slice<std::uint64_t>>(node, "slice"));
    test.tell(opened<Unpadded>(node, "Unpadded"));
    test.tell(opened<WithLong>(node, "WithLong"));
    test.tell(opened<Rounded>(node, "Rounded"));
    test.tell(opened<RoundedLong>(node, "RoundedLong"));
    test.tell(opened<Hidden>(node, "Hidden"));
    (void)test.hear();
    return 0;
}

ACTOR(create) {
    auto node = own_node(arguments);
    auto told = node.service_builder("Told").publish_subscribe<Told>().create().value();
    auto rounded = node.service_builder("Rounded").publish_subscribe<Rounded>().create().value();
    test.tell("created");
    (void)test.hear();
    return 0;
}

}  // namespace
