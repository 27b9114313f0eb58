// SPDX-License-Identifier: Apache-2.0
#include "record/record.hpp"

#include "record/file_names.hpp"
#include "wire/json_reader.hpp"
#include "wire/text_writer.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace roudi {

namespace {

tl::expected<void, shm::SystemError> write_at(int descriptor, std::string_view text, std::uint64_t at) {
    while (!text.empty()) {
        const ssize_t count = ::pwrite(descriptor, text.data(), text.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return shm::failed("writing a node's record");
        text.remove_prefix(static_cast<std::size_t>(count));
        at += static_cast<std::uint64_t>(count);
    }
    return {};
}

tl::expected<std::string, shm::SystemError> text_of(const shm::MemoryFile& file, std::uint64_t size) {
    std::string text(size, '\0');
    std::size_t read = 0;
    while (read < text.size()) {
        const ssize_t count = ::pread(file.descriptor().get(), text.data() + read, text.size() - read,
                                      static_cast<off_t>(read));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return shm::failed("reading a node's record");
        if (count == 0) break;
        read += static_cast<std::size_t>(count);
    }
    text.resize(std::min(text.find('\0'), read));
    return text;
}

template <std::size_t Index = 0>
tl::expected<RecordedEntry, std::string> entry_of(std::string_view type, wire::JsonValue body) {
    if constexpr (Index == std::variant_size_v<RecordedEntry>) {
        return tl::unexpected{std::string{"an entry of unknown type"}};
    } else {
        using Entry = std::variant_alternative_t<Index, RecordedEntry>;
        if (type != Entry::type) return entry_of<Index + 1>(type, body);
        Entry entry;
        wire::JsonReader reader{body, std::string{type}};
        if (reader.error.empty()) fields(reader, entry);
        reader.finish();
        if (!reader.error.empty()) return tl::unexpected{std::move(reader.error)};
        return entry;
    }
}

tl::expected<RecordedEntry, std::string> parse(std::string_view line) {
    const auto tokens = wire::json_tokens(line);
    if (!tokens || tokens->front().kind != wire::JsonToken::Kind::Object)
        return tl::unexpected{std::string{"a line that is not a JSON object"}};
    wire::JsonObject object{*tokens};
    const wire::JsonValue type = object.find("type");
    const wire::JsonValue body = object.find("body");
    if (type.empty() || type.front().kind != wire::JsonToken::Kind::String || body.empty())
        return tl::unexpected{std::string{"a line without type or body"}};
    return entry_of(type.front().unquoted(), body);
}

struct Collect {
    RecordContents& contents;

    void operator()(RecordedNode) const {}  // the first line is no further one
    void operator()(RecordedService entry) const {
        contents.services.insert_or_assign(entry.service, std::move(entry));
    }
    void operator()(RecordedPort entry) const {
        contents.ports.insert_or_assign(entry.port, std::move(entry));
    }
    void operator()(RecordedHistory entry) const {
        contents.histories.insert_or_assign(entry.publisher, std::move(entry));
    }
    void operator()(RecordedSegment entry) const {
        contents.segments.insert_or_assign(entry.segment, std::move(entry));
    }
    void operator()(RecordedHalf entry) const {
        contents.halves.insert_or_assign(std::pair{entry.connection, entry.port}, std::move(entry));
    }
};

}  // namespace

std::string line_of(const RecordedEntry& entry) {
    return std::visit(
        [](auto copy) {  // for fields() serves both directions
            std::string line = "{\"type\":\"" + std::string{copy.type} + "\",\"body\":";
            wire::TextWriter body{line};
            fields(body, copy);
            body.finish();
            line += "}\n";
            return line;
        },
        entry);
}

tl::expected<NodeRecord, shm::SystemError> NodeRecord::create(wire::Uuid node, std::uint64_t capacity,
                                                              const std::string& text) {
    auto file = shm::MemoryFile::create(record_name(node).c_str(), capacity);
    if (!file) return tl::unexpected{file.error()};
    if (auto sealed = file->seal_shared(); !sealed) return tl::unexpected{sealed.error()};
    NodeRecord record;
    record.file_ = std::move(*file);
    record.capacity_ = capacity;
    if (auto written = record.append(text); !written) return tl::unexpected{written.error()};
    return record;
}

tl::expected<void, shm::SystemError> NodeRecord::append(const std::string& line) {
    auto written = write_at(file_.descriptor().get(), line, used_);
    if (written) used_ += line.size();
    return written;
}

tl::expected<RecordContents, std::string> read_record(const shm::MemoryFile& file) {
    const auto size = file.size();
    if (!size) return tl::unexpected{size.error().message()};
    if (*size > NodeRecord::largest) return tl::unexpected{"a record of " + std::to_string(*size) + " bytes"};
    const auto text = text_of(file, *size);
    if (!text) return tl::unexpected{text.error().message()};

    RecordContents contents;
    std::string_view rest{*text};
    for (bool first = true;; first = false) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) {
            if (first) return tl::unexpected{std::string{"a record without a line"}};
            return contents;
        }
        auto entry = parse(rest.substr(0, end));
        if (!entry) return tl::unexpected{"a record with " + entry.error()};
        if (first) {
            const auto* node = std::get_if<RecordedNode>(&*entry);
            if (node == nullptr) return tl::unexpected{std::string{"a record that begins with no node"}};
            if (node->format != RecordedNode{}.format)
                return tl::unexpected{"a record of format " + std::to_string(node->format)};
            contents.node = *node;
        } else {
            std::visit(Collect{contents}, std::move(*entry));
        }
        rest.remove_prefix(end + 1);
    }
}

}  // namespace roudi
