// SPDX-License-Identifier: Apache-2.0
// Built twice: over the network stack (loopback), and with shared memory, for which it uses iceoryx.
#include "contest.hpp"
#include "iox_roudi.hpp"
#include "octets.h"
#include "touch.hpp"

#include <dds/dds.h>
#include <dds/ddsc/dds_loan_api.h>
#include <stdlib.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

#ifdef BENCH_SHARED_MEMORY
constexpr bool shared_memory = true;
#else
constexpr bool shared_memory = false;
#endif

const dds_topic_descriptor_t& type_of(std::size_t payload) {
    static const std::array types{std::pair{std::size_t{8}, &bench_Octets8_desc},
                                  std::pair{std::size_t{64}, &bench_Octets64_desc},
                                  std::pair{std::size_t{1024}, &bench_Octets1024_desc},
                                  std::pair{std::size_t{4096}, &bench_Octets4096_desc},
                                  std::pair{std::size_t{65536}, &bench_Octets65536_desc},
                                  std::pair{std::size_t{1048576}, &bench_Octets1048576_desc},
                                  std::pair{std::size_t{4194304}, &bench_Octets4194304_desc}};
    for (const auto& [size, type] : types)
        if (size == payload) return *type;
    throw std::runtime_error{"no type of this size in octets.idl"};
}

int check(int result, const char* what) {
    if (result < 0) throw std::runtime_error{std::string{what} + ": " + dds_strretcode(-result)};
    return result;
}

// Nothing of a benchmark may leave the machine: the loopback interface only, and no multicast.
std::string configuration() {
    return std::string{
               "<Domain><General><Interfaces><NetworkInterface name=\"lo\" multicast=\"false\"/></Interfaces>"
               "<AllowMulticast>false</AllowMulticast></General>"
               "<Discovery><ParticipantIndex>auto</ParticipantIndex>"
               "<Peers><Peer Address=\"localhost\"/></Peers></Discovery>"} +
           "<SharedMemory><Enable>" + (shared_memory ? "true" : "false") +
           "</Enable><LogLevel>error</LogLevel></SharedMemory></Domain>";
}

}  // namespace

class CycloneDds {
 public:
    static constexpr const char* name = shared_memory ? "Cyclone DDS (shm)" : "Cyclone DDS";
    static constexpr const char* how = shared_memory
                                           ? "reliable, keep last; shared memory by iceoryx, with loans"
                                           : "reliable, keep last; UDP on the loopback interface";
    static constexpr std::size_t largest = std::size_t{shared_memory ? 1 : 4} << 20;
    // With shared memory it keeps the last samples only; asked to keep all, it goes over the network.
    static constexpr bool flows = !shared_memory;

    explicit CycloneDds(const Setting& setting) : setting_{setting}, buffer_(setting.payload) {
        if (shared_memory) roudi_.emplace();
    }

    void join(bool first) {
        setenv("CYCLONEDDS_URI", configuration().c_str(), 1);
        participant_ = check(dds_create_participant(DDS_DOMAIN_DEFAULT, nullptr, nullptr), "participant");
        dds_qos_t* const qos = dds_create_qos();
        dds_qset_reliability(qos, DDS_RELIABILITY_RELIABLE, DDS_SECS(10));
        if (setting_.purpose == Purpose::flow)
            dds_qset_history(qos, DDS_HISTORY_KEEP_ALL, 0);
        else
            dds_qset_history(qos, DDS_HISTORY_KEEP_LAST, 1);
        const int ping =
            check(dds_create_topic(participant_, &type_of(setting_.payload), "ping", qos, nullptr), "topic");
        const int pong =
            check(dds_create_topic(participant_, &type_of(setting_.payload), "pong", qos, nullptr), "topic");
        writer_ = check(dds_create_writer(participant_, first ? ping : pong, qos, nullptr), "writer");
        reader_ = check(dds_create_reader(participant_, first ? pong : ping, qos, nullptr), "reader");
        dds_delete_qos(qos);
        wait_until_matched();
        if (shared_memory && !dds_is_loan_available(writer_)) throw std::runtime_error{"no loans"};
        set_ = check(dds_create_waitset(participant_), "wait set");
        condition_ = check(dds_create_readcondition(reader_, DDS_ANY_STATE), "condition");
        check(dds_waitset_attach(set_, condition_, 0), "attach");
    }

    void leave() { dds_delete(participant_); }

    void send(std::uint64_t number) {
        void* sample = buffer_.data();
        if (shared_memory) check(dds_loan_sample(writer_, &sample), "dds_loan_sample");
        write_payload(bytes_at(sample, setting_.payload), number);
        check(dds_write(writer_, sample), "dds_write");
    }
    bool receive(std::uint64_t number) {
        void* sample = nullptr;
        dds_sample_info_t info;
        for (;;) {
            const int taken = check(dds_take(reader_, &sample, &info, 1, 1), "dds_take");
            if (taken == 0) return false;
            const bool valid = info.valid_data;
            if (valid) check_payload(bytes_at(sample, setting_.payload), number);
            check(dds_return_loan(reader_, &sample, taken), "dds_return_loan");
            if (valid) return true;
        }
    }
    void wait(std::uint64_t number) {
        while (!receive(number)) check(dds_waitset_wait(set_, nullptr, 0, DDS_INFINITY), "dds_waitset_wait");
    }

 private:
    void wait_until_matched() const {
        dds_publication_matched_status_t out{};
        dds_subscription_matched_status_t in{};
        while (out.current_count == 0 || in.current_count == 0) {
            dds_sleepfor(DDS_MSECS(5));
            dds_get_publication_matched_status(writer_, &out);
            dds_get_subscription_matched_status(reader_, &in);
        }
    }

    Setting setting_;
    std::vector<std::byte> buffer_;
    std::optional<IoxRouDi> roudi_;
    int participant_ = 0;
    int writer_ = 0;
    int reader_ = 0;
    int set_ = 0;
    int condition_ = 0;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::CycloneDds>(argc, argv);
}
