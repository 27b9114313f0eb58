// SPDX-License-Identifier: Apache-2.0
#include "record/record.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using namespace roudi;

namespace {

const auto node = wire::Uuid::random();

std::string head() {
    return line_of(RecordedNode{.node = node, .uid = 12, .restarts = 3});
}

// What a broker makes of that text.
tl::expected<RecordContents, std::string> reading(const std::string& text) {
    const auto written = NodeRecord::create(node, NodeRecord::smallest, text).value();
    return read_record(shm::MemoryFile{written.to_read().value()});
}

}  // namespace

TEST_CASE("a record says what was written, and a later line about the same counts") {
    const RecordedPort port{.port = wire::Uuid::random(),
                            .service = 4,
                            .name = "p",
                            .settings = wire::NotifierSettings{.default_event_id = 9},
                            .record = 7,
                            .data_size = 0};
    auto written = NodeRecord::create(node, NodeRecord::smallest, head()).value();
    REQUIRE(written.append(line_of(port)));
    auto renamed = port;
    renamed.name += "q";
    REQUIRE(written.append(line_of(renamed)));
    const auto read = read_record(shm::MemoryFile{written.to_read().value()}).value();
    CHECK(read.node.node == node);
    CHECK(read.node.uid == 12);
    CHECK(read.node.restarts == 3);
    REQUIRE(read.ports.size() == 1);
    CHECK(read.ports.at(port.port).name == "pq");
    CHECK(read.ports.at(port.port).record == 7);
    CHECK(std::get<wire::NotifierSettings>(read.ports.at(port.port).settings).default_event_id == 9);
}

TEST_CASE("a line that a dying broker left half-written is none, wherever it ends") {
    const std::string line =
        line_of(RecordedHalf{.connection = wire::Uuid::random(),
                             .port = wire::Uuid::random(),
                             .peer_port = wire::Uuid::random(),
                             .peer_node = wire::Uuid::random(),
                             .settings = wire::EventConnection{.event_id_max_value = 1}});
    std::string text = head();
    for (const char character : line) {
        CHECK(reading(text).value().halves.empty());
        text += character;
    }
    CHECK(reading(text).value().halves.size() == 1);
}

TEST_CASE("what is no record is not taken for one") {
    const auto behind_a_head = [](const char* line) {
        std::string text = head();
        text += line;
        return text;
    };
    std::vector<std::string> texts;
    for (const char* text : {"", "\n", "nonsense\n", "{\"type\":\"node\"}\n"}) texts.emplace_back(text);
    for (const char* line :
         {"{}\n", "{\"type\":\"port\",\"body\":{}}\n", "{\"type\":\"else\",\"body\":{}}\n"})
        texts.push_back(behind_a_head(line));
    texts.push_back(line_of(RecordedService{.settings = wire::EventSettings{}}));
    texts.push_back(line_of(RecordedNode{.format = 2, .node = node}));
    for (const std::string& text : texts) {
        INFO(text);
        CHECK_FALSE(reading(text));
    }
}
