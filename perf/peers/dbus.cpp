// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "server_program.hpp"
#include "touch.hpp"

#include <systemd/sd-bus.h>

#include <system_error>

namespace bench {

class DBus {
 public:
    static constexpr const char* name = "D-Bus";
    static constexpr const char* how = "sd-bus, method calls without reply, over a private dbus-daemon";
    static constexpr std::size_t largest = std::size_t{4} << 20;

    explicit DBus(const Setting& setting)
        : setting_{setting},
          daemon_{{"dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1",
                   "--address=unix:path=" + socket()},
                  "unix:path="} {}

    void join(bool first) {
        peer_ = name_of(!first);
        check(sd_bus_new(&bus_), "sd_bus_new");
        check(sd_bus_set_address(bus_, ("unix:path=" + socket()).c_str()), "sd_bus_set_address");
        check(sd_bus_set_bus_client(bus_, 1), "sd_bus_set_bus_client");
        check(sd_bus_start(bus_), "sd_bus_start");
        check(sd_bus_request_name(bus_, name_of(first).c_str(), 0), "sd_bus_request_name");
    }

    void send(std::uint64_t number) {
        sd_bus_message* message = nullptr;
        check(sd_bus_message_new_method_call(bus_, &message, peer_.c_str(), "/", "bench.Peer", "Message"),
              "sd_bus_message_new_method_call");
        check(sd_bus_message_set_expect_reply(message, 0), "sd_bus_message_set_expect_reply");
        void* bytes = nullptr;
        check(sd_bus_message_append_array_space(message, 'y', setting_.payload, &bytes), "append");
        write_payload(bytes_at(bytes, setting_.payload), number);
        check(sd_bus_send(bus_, message, nullptr), "sd_bus_send");
        check(sd_bus_flush(bus_), "sd_bus_flush");
        sd_bus_message_unref(message);
    }
    bool receive(std::uint64_t number) {
        sd_bus_message* message = nullptr;
        check(sd_bus_process(bus_, &message), "sd_bus_process");
        if (message == nullptr) return false;
        const bool ours = sd_bus_message_is_method_call(message, "bench.Peer", "Message") > 0;
        if (ours) {
            const void* bytes = nullptr;
            std::size_t size = 0;
            check(sd_bus_message_read_array(message, 'y', &bytes, &size), "sd_bus_message_read_array");
            check_payload(bytes_at(bytes, size), number);
        }
        sd_bus_message_unref(message);
        return ours;
    }
    void wait(std::uint64_t number) {
        while (!receive(number)) check(sd_bus_wait(bus_, UINT64_MAX), "sd_bus_wait");
    }

 private:
    static void check(int result, const char* what) {
        if (result < 0) throw std::system_error{-result, std::generic_category(), what};
    }
    static std::string name_of(bool first) { return first ? "bench.First" : "bench.Second"; }
    std::string socket() const { return setting_.directory / "bus"; }

    Setting setting_;
    ServerProgram daemon_;
    std::string peer_;
    sd_bus* bus_ = nullptr;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::DBus>(argc, argv);
}
