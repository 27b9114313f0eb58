// SPDX-License-Identifier: Apache-2.0
// Memory that is reserved and touched before it is used: no page fault on the way of a sample, and a shortage
// is an error of create().
#include "catch.hpp"
#include "harness/huge_pages.hpp"
#include "harness/not_tried.hpp"
#include "harness/pages.hpp"
#include "pubsub/world.hpp"
#include "shm/available_memory.hpp"

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>

namespace {

using namespace harness;
using namespace pubsub;

constexpr std::size_t held = 4;

// A pair whose way touches many chunks: what is received stays for a while.
class Exchange {
 public:
    Exchange(ipc::Node& node, const std::string& name, bool prefault)
        : service_{node.service_builder(name)
                       .publish_subscribe<Pages>()
                       .subscriber_max_buffer_size(held)
                       .subscriber_max_borrowed_samples(held + 1)
                       .create()
                       .value()},
          publisher_{service_.publisher_builder().prefault(prefault).create().value()},
          subscriber_{service_.subscriber_builder().prefault(prefault).create().value()} {}

    bool run(std::size_t times) {
        bool received = true;
        for (std::size_t i = 0; i < times; ++i) {
            written(publisher_.loan_uninit().value(), i).send().value();
            auto sample = subscriber_.receive().value();
            received = received && sample.has_value() && (**sample)[512] == i;
            holds_[i % held] = std::move(sample);
        }
        return received;
    }

 private:
    ipc::PublishSubscribeService<Pages> service_;
    ipc::Publisher<Pages> publisher_;
    ipc::Subscriber<Pages> subscriber_;
    std::array<std::optional<ipc::Sample<Pages>>, held> holds_;
};

ACTOR(counting_page_faults) {
    auto node = ipc::NodeBuilder{}.create().value();
    // What the program itself needs of code and stack is there after this.
    Exchange{node, "first", false}.run(100);
    Exchange exchange{node, "counted", arguments.at(0) == "prefault"};
    count_page_faults(test, exchange);
}

bool give_up_right_to_lock() {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, 2> rights{};
    if (::syscall(SYS_capget, &header, rights.data()) != 0) return false;
    rights[0].effective &= ~(1U << CAP_IPC_LOCK);
    const rlimit little{.rlim_cur = 64 * 1024, .rlim_max = 64 * 1024};
    return ::syscall(SYS_capset, &header, rights.data()) == 0 && ::setrlimit(RLIMIT_MEMLOCK, &little) == 0;
}

ACTOR(locking_more_than_it_may) {
    auto node = ipc::NodeBuilder{}.create().value();
    auto service = node.service_builder("locked").publish_subscribe<Pages>().create().value();
    if (!give_up_right_to_lock()) return 2;
    const auto refused = service.publisher_builder().lock_memory(true).create();
    if (refused || refused.error().code() != ipc::PublisherCreateError::OutOfMemory) return 3;
    test.tell(refused.error().message());
    return service.publisher_builder().create() ? 0 : 4;  // nothing of the other is left behind
}

}  // namespace

TEST_CASE("no page fault and no system call on the way of a sample whose memory was prefaulted",
          "[pubsub][prefault]") {
    BrokerProcess broker;
    Actor actor{"counting_page_faults", {"prefault"}, broker.environment()};
    CHECK(actor.hear() == "0");
    CHECK(actor.wait() == Ending{.exited = true, .code = kept});
}

TEST_CASE("memory that was not prefaulted is paid on the way", "[pubsub][prefault]") {
    BrokerProcess broker;
    Actor actor{"counting_page_faults", {"as touched"}, broker.environment()};
    CHECK(std::stoi(actor.hear()) > 100);
    CHECK(actor.wait() == Ending{.exited = true, .code = kept});
}

TEST_CASE("prefaulting more than there is, is an error of create(), and costs nobody anything",
          "[pubsub][prefault]") {
    World world;
    const std::uint64_t gigabyte = std::uint64_t{1} << 30;
    if (ipc::shm::available_memory() > 200 * gigabyte) {
        harness::left_out("this machine has that much");
        return;
    }
    const ipc::TypeDetail type{.name = "Gigabyte", .size = gigabyte, .alignment = 8};
    auto service =
        world.node.service_builder("large").publish_subscribe(type).max_subscribers(32).create().value();
    const auto refused = service.publisher_builder().max_loaned_samples(72).prefault(true).create();
    REQUIRE(!refused);
    CHECK(refused.error().code() == ipc::PublisherCreateError::OutOfMemory);
    CHECK_THAT(refused.error().message(), Catch::Matchers::Contains("prefault"));
    CHECK(service.publisher_builder().create().has_value());
}

TEST_CASE("a publisher and a subscriber lock their memory", "[pubsub][prefault]") {
    constexpr std::uint64_t enough = std::uint64_t{4} << 20;
    if (!may_lock(enough)) {
        left_out("this process may not lock 4 MiB (RLIMIT_MEMLOCK)");
        return;
    }
    World world;
    auto service =
        world.node.service_builder("locked").publish_subscribe<Pages>().max_subscribers(1).create().value();
    const std::uint64_t before = locked_bytes();
    {
        auto publisher = service.publisher_builder().lock_memory(true).create().value();
        const std::uint64_t by_publisher = locked_bytes() - before;
        CHECK(by_publisher >= 6 * sizeof(Pages));  // buffered, borrowed, and on loan
        auto subscriber = service.subscriber_builder().lock_memory(true).create().value();
        send(publisher, Pages{7}, 1);
        CHECK((*next(subscriber))[0] == 7);
        // What the publisher touched is locked by each side, and so is the connection.
        CHECK(locked_bytes() - before >= 2 * by_publisher);
    }
    CHECK(eventually([&] { return locked_bytes() == before; }));
}

TEST_CASE("locking more than the process may is an error of create()", "[pubsub][prefault]") {
    BrokerProcess broker;
    Actor actor{"locking_more_than_it_may", {}, broker.environment()};
    CHECK_THAT(actor.hear(), Catch::Matchers::Contains("RLIMIT_MEMLOCK"));
    CHECK(actor.wait() == Ending{.exited = true, .code = 0});
}

TEST_CASE("samples in huge pages, where there are any, also through the broker's restart; else a clear error",
          "[pubsub][prefault]") {
    World world;
    auto service = world.node.service_builder("huge").publish_subscribe<Pages>().create().value();
    auto publisher = service.publisher_builder().huge_pages(true).create();
    if (harness::free_huge_pages() == 0 && !publisher) {
        CHECK(publisher.error().code() == ipc::PublisherCreateError::OutOfMemory);
        CHECK_THAT(publisher.error().message(), Catch::Matchers::Contains("huge pages"));
        CHECK(service.publisher_builder().create().has_value());
        harness::left_out("no huge pages are free (vm.nr_hugepages): only the error was seen");
        return;
    }
    auto subscriber = service.subscriber_builder().create().value();
    send(*publisher, Pages{7, 8, 9}, 1);
    CHECK((*next(subscriber))[2] == 9);
    world.broker.kill();
    world.broker.start_again();
    auto another = service.subscriber_builder().create().value();
    send(*publisher, Pages{10, 11, 12}, 2);
    CHECK((*next(another))[2] == 12);
    CHECK((*next(subscriber))[2] == 12);
}
