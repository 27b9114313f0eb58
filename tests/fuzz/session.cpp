// SPDX-License-Identifier: Apache-2.0
// Clients on socket pairs say what the input tells them to, to a broker without a socket file. Each line of
// the input is something a client does:
//
//     0 {"type":"hello",…}    client 0 says this, as a frame. `@3` in it becomes the fourth id that it was
//                             told by the broker, `@a` the eleventh; `#2` the third service number.
//     0*2 {…}                 the frame comes with two descriptors
//     0+02{…}                 the frame comes with the first and the third descriptor that it was given
//     0!bytes                 as they are, without a frame's header
//     0-                      it goes
//     0~                      it goes and connects again, with all it was told and given
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
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
    explicit Liar(World& world) : world_{world} { connect(); }

    void do_what(std::string_view line) {
        if (!socket_) return;
        if (line.starts_with('-')) return hang_up();
        if (line.starts_with('~')) return connect();
        if (line.starts_with('!')) return say_bytes(line.substr(1));
        std::vector<shm::UniqueFd> descriptors;
        if (line.size() > 1 && line.front() == '*') {
            descriptors = fresh_descriptors(static_cast<unsigned char>(line[1]) % 20U);
            line.remove_prefix(2);
        } else if (line.starts_with('+')) {
            line.remove_prefix(1);
            descriptors = given_descriptors(line);
        }
        wire::Frame frame{.text = filled_in(line), .descriptors = std::move(descriptors)};
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
                auto message = wire::decode_broker(std::move(**frame));
                fuzz::check(message.has_value(), "the broker sent what is no message");
                if (const auto* opened = std::get_if<wire::ServiceOpened>(&message->message))
                    services_.push_back(opened->service);
                if (const auto* back = std::get_if<wire::ServiceReadopted>(&message->message))
                    services_.push_back(back->service);
                for (shm::UniqueFd& descriptor : message->descriptors)
                    if (given_.size() < most_given) given_.push_back(std::move(descriptor));
            }
        }
    }

 private:
    void hang_up() { socket_.reset(); }
    void connect() {
        hang_up();
        world_.settle();
        reader_ = wire::FrameReader{wire::max_broker_frame, wire::max_broker_descriptors};
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) return;
        socket_ = shm::UniqueFd{ends[1]};
        static_cast<void>(world_.admission.admit(shm::UniqueFd{ends[0]}));
    }
    void say_bytes(std::string_view bytes) const {
        static_cast<void>(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
    // One digit, in base 36.
    static std::optional<std::size_t> number_of(char digit) {
        if (digit >= '0' && digit <= '9') return static_cast<std::size_t>(digit - '0');
        if (digit >= 'a' && digit <= 'z') return static_cast<std::size_t>(digit - 'a') + 10;
        return std::nullopt;
    }
    static std::vector<shm::UniqueFd> fresh_descriptors(std::size_t count) {
        std::vector<shm::UniqueFd> descriptors;
        for (std::size_t i = 0; i < std::min(count, wire::max_descriptors); ++i)
            // Not its own socket: whoever holds that keeps the session, until its time is up.
            descriptors.emplace_back(i % 2 == 0 ? ::memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING)
                                                : ::open("/dev/null", O_RDONLY | O_CLOEXEC));
        return descriptors;
    }
    // As many as numbers follow, which are taken from the line.
    std::vector<shm::UniqueFd> given_descriptors(std::string_view& line) const {
        std::vector<shm::UniqueFd> descriptors;
        for (; !line.empty(); line.remove_prefix(1)) {
            const auto number = number_of(line.front());
            if (!number) break;
            if (given_.empty() || descriptors.size() == wire::max_descriptors) continue;
            descriptors.emplace_back(::fcntl(given_[*number % given_.size()].get(), F_DUPFD_CLOEXEC, 0));
        }
        return descriptors;
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
            const auto number = at + 1 < line.size() ? number_of(line[at + 1]) : std::nullopt;
            if (line[at] == '@' && number && !ids_.empty()) {
                text += ids_[*number % ids_.size()];
                ++at;
            } else if (line[at] == '#' && number && !services_.empty()) {
                text += std::to_string(services_[*number % services_.size()]);
                ++at;
            } else {
                text += line[at];
            }
        }
        return text;
    }

    static constexpr std::size_t id_length = 32;
    static constexpr std::size_t most_given = 36;
    World& world_;
    shm::UniqueFd socket_;
    wire::FrameReader reader_{wire::max_broker_frame, wire::max_broker_descriptors};
    std::vector<std::string> ids_;
    std::vector<std::uint64_t> services_;
    std::vector<shm::UniqueFd> given_;
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
