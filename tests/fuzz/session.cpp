// SPDX-License-Identifier: Apache-2.0
// Clients on socket pairs say what the input tells them to, to a broker without a socket file. Each line of
// the input is something a client does:
//
//     0 {"type":"hello",…}    client 0 says this, as a frame. `@3` in it becomes the fourth id that it was
//                             told by the broker; `#2` the third service number.
//     0*2 {…}                 the frame comes with two descriptors
//     0!bytes                 as they are, without a frame's header
//     0-                      it goes
//
// Afterwards nothing of the clients is left: no node, no charge, no descriptor.
#include "fuzz/target.hpp"
#include "session/admission.hpp"
#include "status/inquiry.hpp"
#include "wire/codec.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <memory>
#include <string>

namespace {

using namespace roudi;

class Silence : public Log {
    void emit(Level, const std::string&) override {}
};

std::size_t open_descriptors() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) count += entry.exists();
    return count;
}

struct World {
    Settings settings;
    Silence log;
    asio::io_context loop{1};
    Broker broker{settings, log};
    Admission admission{loop, broker, settings, log};
    Inquiry inquiry{broker, {.settings = settings, .sources = {}, .embedded = true}};

    World() {
        settings.quotas.user = settings.quotas.user.with(Resource::SegmentBytes, std::uint64_t{1} << 30);
        broker.ledger().change(settings.quotas);
        broker.set_inquiry(
            [this](const wire::Query& query, const Identity& who) { return inquiry.answer(query, who); });
    }
    void settle() {
        loop.restart();
        loop.poll();
    }
};

class Liar {
 public:
    explicit Liar(World& world) {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) return;
        socket_ = shm::UniqueFd{ends[1]};
        static_cast<void>(world.admission.admit(shm::UniqueFd{ends[0]}));
    }
    void hang_up() { socket_.reset(); }

    void do_what(std::string_view line) {
        if (!socket_) return;
        if (line.starts_with('-')) return hang_up();
        if (line.starts_with('!')) return say_bytes(line.substr(1));
        std::size_t descriptors = 0;
        if (line.size() > 1 && line.front() == '*') {
            descriptors = static_cast<unsigned char>(line[1]) % 20U;
            line.remove_prefix(2);
        }
        wire::Frame frame{.text = filled_in(line), .descriptors = {}};
        for (std::size_t i = 0; i < std::min(descriptors, wire::max_descriptors); ++i)
            // Not its own socket: whoever holds that keeps the session, until its time is up.
            frame.descriptors.emplace_back(i % 2 == 0
                                               ? ::memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING)
                                               : ::open("/dev/null", O_RDONLY | O_CLOEXEC));
        wire::FrameWriter writer;
        writer.enqueue(std::move(frame));
        static_cast<void>(writer.flush(socket_.get()));
    }
    void listen() {
        while (socket_) {
            const auto progress = reader_.receive(socket_.get());
            if (!progress || *progress != wire::FrameReader::Progress::Some) return;
            while (true) {
                auto frame = reader_.next();
                fuzz::check(frame.has_value(), "the broker sent what is no frame");
                if (!*frame) break;
                remember((**frame).text);
                const auto message = wire::decode_broker(std::move(**frame));
                fuzz::check(message.has_value(), "the broker sent what is no message");
                if (const auto* opened = std::get_if<wire::ServiceOpened>(&message->message))
                    services_.push_back(opened->service);
            }
        }
    }

 private:
    void say_bytes(std::string_view bytes) const {
        static_cast<void>(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
    // Every id in a message, in the order they come.
    void remember(std::string_view text) {
        for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1))
            if (wire::Uuid::parse(text.substr(at + 1, id_length)))
                ids_.emplace_back(text.substr(at + 1, id_length));
    }
    std::string filled_in(std::string_view line) const {
        std::string text;
        for (std::size_t at = 0; at < line.size(); ++at) {
            const bool number_follows = at + 1 < line.size() && line[at + 1] >= '0' && line[at + 1] <= '9';
            const std::size_t number = number_follows ? static_cast<std::size_t>(line[at + 1] - '0') : 0;
            if (line[at] == '@' && number_follows && !ids_.empty()) {
                text += ids_[number % ids_.size()];
                ++at;
            } else if (line[at] == '#' && number_follows && !services_.empty()) {
                text += std::to_string(services_[number % services_.size()]);
                ++at;
            } else {
                text += line[at];
            }
        }
        return text;
    }

    static constexpr std::size_t id_length = 32;
    shm::UniqueFd socket_;
    wire::FrameReader reader_{wire::max_broker_frame, wire::max_broker_descriptors};
    std::vector<std::string> ids_;
    std::vector<std::uint64_t> services_;
};

void play(std::string_view input) {
    World world;
    std::array<std::unique_ptr<Liar>, 3> clients;
    while (!input.empty()) {
        const std::string_view line = input.substr(0, input.find('\n'));
        input.remove_prefix(std::min(line.size() + 1, input.size()));
        if (line.size() < 2) continue;
        auto& client = clients[static_cast<unsigned char>(line.front()) % clients.size()];
        if (!client) client = std::make_unique<Liar>(world);
        client->do_what(line.substr(line[1] == ' ' ? 2 : 1));
        world.settle();
        for (const auto& each : clients)
            if (each) each->listen();
        world.settle();
    }
    for (auto& client : clients) client.reset();
    do world.settle();
    while (!world.admission.has_closed_all());
    fuzz::check(world.admission.size() == 0, "a session outlived its client");
    fuzz::check(world.broker.registry().nodes().empty() && world.broker.registry().services().empty() &&
                    world.broker.registry().ports().empty() &&
                    world.broker.registry().connection_count() == 0,
                "something of a client outlived it");
    fuzz::check(world.broker.ledger().total() == Usage{}, "something is charged to nobody");
}

}  // namespace

FUZZ_TARGET(session) {
    static const bool warm = (play(""), true);
    static_cast<void>(warm);
    const std::size_t before = open_descriptors();
    play(input);
    fuzz::check(open_descriptors() == before, "a descriptor leaked");
}
