// SPDX-License-Identifier: Apache-2.0
// More of everything than anybody needs, and descriptors that nobody asked for: the broker says no, or hangs
// up, and goes on with the others. (What a frame may look like: tests/broker/bad_input_test.cpp; what may be
// presented after a restart: tests/restart/claims_test.cpp.)
#include "broker/raw_client.hpp"
#include "harness/not_tried.hpp"
#include "hostile/honest_pair.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace hostile;
using ipc::shm::UniqueFd;

namespace {

constexpr const char* small_quotas = R"({"quota": {"user": {"sessions": 200},
    "session": {"services": 1000, "ports": 1000, "connections": 1000}}})";

void check_quota(const wire::Refused& refused, const std::string& quota) {
    CHECK(refused.code == wire::Refusal::ExceedsQuota);
    INFO(refused.message);
    CHECK(refused.message.find(quota) != std::string::npos);
}

// What came, if it is a refusal.
std::optional<wire::Refused> refusal_of(RawClient& client, const wire::ClientMessage& request) {
    client.ask(request);
    while (auto heard = client.hear()) {
        if (auto* refused = std::get_if<wire::Refused>(&heard->message)) return std::move(*refused);
        if (heard->request != 0) return std::nullopt;
    }
    throw std::runtime_error{"the broker hung up"};
}

// Makes more and more, until the broker says that it is enough.
wire::Refused made_until_refused(RawClient& client, const std::function<wire::ClientMessage(int)>& another) {
    for (int i = 0; i < 2000; ++i)
        if (auto refused = refusal_of(client, another(i))) return std::move(*refused);
    throw std::runtime_error{"the broker gives without end"};
}

}  // namespace

TEST_CASE("whoever opens services, or ports, without end is told which quota ends it", "[flood]") {
    HonestPair pair{"slots", small_quotas};
    RawClient liar{pair.broker.socket()};
    liar.hello("liar");
    check_quota(
        made_until_refused(liar, [](int i) { return wire::ClientMessage{open_service(std::to_string(i))}; }),
        "quota.session.services");
    pair.go_on();
    RawClient other{pair.broker.socket()};
    other.hello("other");
    auto roomy = open_events("roomy");
    auto& limits = std::get<wire::EventRequest>(roomy.request).settings;
    limits.max_notifiers = limits.max_listeners = 5000;
    const auto service = other.call<wire::ServiceOpened>(roomy).service;
    const auto port = [&](const wire::PortSettings& settings) {
        return wire::ClientMessage{
            wire::CreatePort{.service = service, .name = "port", .settings = settings}};
    };
    // Each listener is connected with every notifier.
    for (int i = 0; i < 600; ++i) REQUIRE_FALSE(refusal_of(other, port(wire::NotifierSettings{})));
    check_quota(made_until_refused(other, [&](int) { return port(wire::ListenerSettings{}); }),
                "quota.session.connections");
    pair.go_on();
    check_quota(made_until_refused(other, [&](int) { return port(wire::NotifierSettings{}); }),
                "quota.session.");
    pair.go_on();
    pair.end(true);
}

TEST_CASE("whoever opens sessions without end is told which quota ends it", "[flood]") {
    HonestPair pair{"slots", small_quotas};
    std::vector<std::unique_ptr<RawClient>> sessions;
    std::string reason;
    for (int i = 0; i < 400 && reason.empty(); ++i) {
        sessions.push_back(std::make_unique<RawClient>(pair.broker.socket()));
        sessions.back()->ask(wire::Hello{});
        const auto heard = sessions.back()->hear();
        if (!heard) break;
        if (const auto* closing = std::get_if<wire::Closing>(&heard->message)) reason = closing->reason;
    }
    CHECK(reason.find("quota.user.sessions") != std::string::npos);
    pair.go_on();
    sessions.clear();
    // What was refused is there again for whoever needs it.
    CHECK(eventually([&] {
        RawClient later{pair.broker.socket()};
        later.ask(wire::Hello{});
        const auto heard = later.hear();
        return heard && std::holds_alternative<wire::Welcome>(heard->message);
    }));
    pair.end(true);
}

namespace {

struct Passed {
    const char* what;
    UniqueFd descriptor;
};

// Connected to nobody who reads, full, and to be closed only when all is sent, or after ten minutes.
UniqueFd lingering_socket(UniqueFd& far) {
    const UniqueFd listening{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    UniqueFd near{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (::bind(listening.get(), any, size) != 0 || ::listen(listening.get(), 1) != 0 ||
        ::getsockname(listening.get(), any, &size) != 0 || ::connect(near.get(), any, size) != 0)
        return {};
    far = UniqueFd{::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    const linger ten_minutes{.l_onoff = 1, .l_linger = 600};
    if (::setsockopt(near.get(), SOL_SOCKET, SO_LINGER, &ten_minutes, sizeof ten_minutes) != 0) return {};
    const std::vector<char> much(1 << 16);
    while (::send(near.get(), much.data(), much.size(), MSG_DONTWAIT) > 0) {
    }
    return near;
}

std::vector<Passed> descriptors_of_all_kinds() {
    std::vector<Passed> all;
    const auto add = [&](const char* what, int descriptor) {
        REQUIRE(descriptor >= 0);
        all.push_back({what, UniqueFd{descriptor}});
    };
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    add("an end of a pipe", pipe[0]);
    add("the other end", pipe[1]);
    add("a device", ::open("/dev/null", O_RDWR | O_CLOEXEC));
    add("a file", ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    add("a directory", ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    add("a socket", ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    add("an event", ::eventfd(0, EFD_CLOEXEC));
    add("an epoll set", ::epoll_create1(EPOLL_CLOEXEC));
    return all;
}

// With a message that carries none, or in the middle of one.
void pass(RawClient& client, const UniqueFd& descriptor, bool whole) {
    const std::string text = R"({"type":"goodbye","body":{}})";
    const wire::FrameHeader header{.length = static_cast<std::uint32_t>(text.size()), .descriptors = 1};
    std::string bytes{reinterpret_cast<const char*>(&header), sizeof header};
    bytes += whole ? text : text.substr(0, 3);
    client.send_bytes(bytes, descriptor.get());
}

}  // namespace

TEST_CASE("whoever passes descriptors of its own is cut off, and none of them stays", "[flood]") {
    HonestPair pair{"slots"};
    RawClient observer{pair.broker.socket()};
    observer.hello("observer", true);
    observer.query("status");
    const std::size_t before = harness::open_descriptors(pair.broker.pid());
    std::size_t ended = 0;
    for (const bool after_hello : {false, true})
        for (const bool whole : {false, true})
            for (const Passed& passed : descriptors_of_all_kinds()) {
                INFO(passed.what);
                RawClient liar{pair.broker.socket()};
                if (after_hello) liar.hello("liar");
                pass(liar, passed.descriptor, whole);
                CHECK(liar.reason_of_the_end().find("no memory files") != std::string::npos);
                ++ended;
            }
    pair.go_on();
    CHECK(observer.query("status")["ended"].size() == std::min<std::size_t>(ended, 32));
    CHECK(eventually([&] {
        observer.query("status");
        return harness::open_descriptors(pair.broker.pid()) <= before;
    }));
    pair.end(true);
}

TEST_CASE("whoever passes a descriptor whose close takes ten minutes holds up nobody", "[flood]") {
    HonestPair pair{"slots"};
    RawClient observer{pair.broker.socket()};
    observer.hello("observer", true);
    constexpr std::size_t liars = 8;
    std::vector<UniqueFd> far(liars);
    std::vector<UniqueFd> lingering;
    std::vector<std::unique_ptr<RawClient>> clients;
    for (UniqueFd& end : far) {
        lingering.push_back(lingering_socket(end));
        if (!lingering.back()) {
            harness::not_tried("there is no TCP here");
            return;
        }
        clients.push_back(std::make_unique<RawClient>(pair.broker.socket()));
    }
    // Stopped, so that it is the last to close them, and finds some liars gone. (Once: a signal ends such a
    // close.)
    pair.broker.process().stop();
    for (std::size_t i = 0; i < liars; ++i) {
        pass(*clients[i], lingering[i], i % 2 == 0);
        if (i % 4 < 2) clients[i]->hang_up();
    }
    lingering.clear();
    pair.broker.process().signal(SIGCONT);
    observer.query("status");
    pair.go_on();
    // Until it is closed, it counts as his.
    CHECK(eventually([&] { return observer.query("status")["totals"]["sessions"] == 3 + liars; }));
    far.clear();
    CHECK(eventually([&] { return observer.query("status")["totals"]["sessions"] == 3; }));
    pair.end(true);
}
