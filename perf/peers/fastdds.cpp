// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "touch.hpp"

#include <fastdds/rtps/transport/shared_mem/SharedMemTransportDescriptor.h>

#include <chrono>
#include <cstring>
#include <fastdds/dds/core/LoanableSequence.hpp>
#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/TopicDataType.hpp>
#include <fastdds/dds/topic/TypeSupport.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

namespace {

namespace dds = eprosima::fastdds::dds;
using eprosima::fastrtps::rtps::SerializedPayload_t;
using eprosima::fastrtps::types::ReturnCode_t;

void check(const ReturnCode_t& result, const char* what) {
    if (result != ReturnCode_t::RETCODE_OK)
        throw std::runtime_error{std::string{what} + ": error " + std::to_string(result())};
}

// So many bytes, as they are: what the code generator makes of an array of octets. A plain type is delivered
// without copies.
class Octets : public dds::TopicDataType {
 public:
    explicit Octets(std::size_t size) : size_{static_cast<std::uint32_t>(size)} {
        setName("Octets");
        m_typeSize = size_ + header;
        auto_fill_type_object(false);
        auto_fill_type_information(false);
    }

    bool serialize(void* data, SerializedPayload_t* payload) override {
        constexpr std::array<unsigned char, header> plain_little_endian{0, 1, 0, 0};
        std::memcpy(payload->data, plain_little_endian.data(), header);
        std::memcpy(payload->data + header, data, size_);
        payload->length = size_ + header;
        return true;
    }
    bool deserialize(SerializedPayload_t* payload, void* data) override {
        std::memcpy(data, payload->data + header, size_);
        return true;
    }
    std::function<std::uint32_t()> getSerializedSizeProvider(void*) override {
        return [this] { return size_ + header; };
    }
    void* createData() override { return new std::byte[size_]; }
    void deleteData(void* data) override { delete[] static_cast<std::byte*>(data); }
    bool getKey(void*, eprosima::fastrtps::rtps::InstanceHandle_t*, bool) override { return false; }
    bool is_bounded() const override { return true; }
    bool is_plain() const override { return true; }
    bool construct_sample(void*) const override { return true; }

 private:
    static constexpr std::uint32_t header = 4;
    std::uint32_t size_;
};

}  // namespace

class FastDds {
 public:
    static constexpr const char* name = "Fast DDS";
    static constexpr const char* how =
        "reliable, shared memory as the only transport; data sharing with loans, but for the flow";
    static constexpr std::size_t largest = std::size_t{4} << 20;

    explicit FastDds(const Setting& setting) : setting_{setting}, buffer_(setting.payload) {}

    void join(bool first) {
        // Its built-in UDP would talk to the network outside of this machine.
        dds::DomainParticipantQos participant_qos;
        participant_qos.transport().use_builtin_transports = false;
        participant_qos.transport().user_transports.push_back(
            std::make_shared<eprosima::fastdds::rtps::SharedMemTransportDescriptor>());
        participant_ = dds::DomainParticipantFactory::get_instance()->create_participant(0, participant_qos);
        dds::TypeSupport type{new Octets{setting_.payload}};
        check(type.register_type(participant_), "register_type");
        const auto topic = [&](bool ping) {
            return participant_->create_topic(setting_.name + (ping ? "-ping" : "-pong"),
                                              type.get_type_name(), dds::TOPIC_QOS_DEFAULT);
        };
        dds::DataWriterQos out;
        dds::DataReaderQos in;
        in.reliability().kind = dds::RELIABLE_RELIABILITY_QOS;
        if (setting_.purpose == Purpose::flow) {
            // Data sharing takes a sample's memory again before a reader that is far behind has read it.
            out.data_sharing().off();
            in.data_sharing().off();
            out.history().kind = in.history().kind = dds::KEEP_ALL_HISTORY_QOS;
            const auto depth = static_cast<int>(flow_depth(setting_));
            out.resource_limits().max_samples = in.resource_limits().max_samples = depth;
            out.resource_limits().max_samples_per_instance = in.resource_limits().max_samples_per_instance =
                depth;
            out.resource_limits().max_instances = in.resource_limits().max_instances = 1;
        }
        out_ =
            participant_->create_publisher(dds::PUBLISHER_QOS_DEFAULT)->create_datawriter(topic(first), out);
        in_ = participant_->create_subscriber(dds::SUBSCRIBER_QOS_DEFAULT)
                  ->create_datareader(topic(!first), in);
        if (out_ == nullptr || in_ == nullptr) throw std::runtime_error{"no writer or reader"};
        wait_until_matched();
    }

    void leave() {
        participant_->delete_contained_entities();
        dds::DomainParticipantFactory::get_instance()->delete_participant(participant_);
    }

    void send(std::uint64_t number) {
        if (setting_.purpose == Purpose::flow) return send_copy(number);
        void* sample = nullptr;
        check(out_->loan_sample(sample), "loan_sample");
        write_payload(bytes_at(sample, setting_.payload), number);
        if (!out_->write(sample)) throw std::runtime_error{"not written"};
    }
    bool receive(std::uint64_t number) {
        dds::LoanableSequence<std::byte> samples;
        dds::SampleInfoSeq infos;
        const ReturnCode_t result = in_->take(samples, infos, 1);
        if (result == ReturnCode_t::RETCODE_NO_DATA) return false;
        check(result, "take");
        const bool valid = infos[0].valid_data;
        if (valid) check_payload(bytes_at(&samples[0], setting_.payload), number);
        check(in_->return_loan(samples, infos), "return_loan");
        return valid;
    }
    void wait(std::uint64_t number) {
        while (!receive(number)) in_->wait_for_unread_message(eprosima::fastrtps::Duration_t{10, 0});
    }

 private:
    // A loan does not wait until there is room; write() does, for 100 ms.
    void send_copy(std::uint64_t number) {
        write_payload(buffer_, number);
        while (!out_->write(buffer_.data())) {
        }
    }
    void wait_until_matched() const {
        dds::PublicationMatchedStatus out;
        dds::SubscriptionMatchedStatus in;
        while (out.current_count == 0 || in.current_count == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
            out_->get_publication_matched_status(out);
            in_->get_subscription_matched_status(in);
        }
    }

    Setting setting_;
    std::vector<std::byte> buffer_;
    dds::DomainParticipant* participant_ = nullptr;
    dds::DataWriter* out_ = nullptr;
    dds::DataReader* in_ = nullptr;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::FastDds>(argc, argv);
}
